/** One word of a condition; `column` counts code points from 1. */
export interface Token {
  readonly kind: "number" | "name" | "sign" | "end";
  readonly text: string;
  readonly column: number;
}

/** What is wrong with a condition and where; `sentence` follows `column n: `. */
export interface ConditionProblem {
  readonly column: number;
  readonly sentence: string;
}

/** The words of a condition, the end among them, or the first thing that is no word. */
export function tokensOf(text: string): readonly Token[] | ConditionProblem {
  const tokens: Token[] = [];
  let column = 1;
  for (let at = 0; at < text.length;) {
    word.lastIndex = at;
    const match = word.exec(text)?.groups;
    const found = match?.["space"] ?? match?.["number"] ?? match?.["name"] ?? match?.["sign"];
    if (match === undefined || found === undefined) return { column, sentence: strange(text, at) };
    if (match["number"] !== undefined) tokens.push({ kind: "number", text: found, column });
    else if (match["name"] !== undefined) tokens.push({ kind: "name", text: found, column });
    else if (match["sign"] !== undefined) tokens.push({ kind: "sign", text: found, column });
    at += found.length;
    column += Array.from(found).length;
  }
  tokens.push({ kind: "end", text: "", column });
  return tokens;
}

/** A name that a condition can use for a metric; words of the language are excluded elsewhere. */
export const metricNamePattern = /^[\p{L}_][\p{L}\p{M}\p{N}_]*$/u;

const word =
  /(?<space>\s+)|(?<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[\p{L}_][\p{L}\p{M}\p{N}_]*)|(?<sign>>=|<=|==|!=|[-+*/()<>,])/uy;

const hints: ReadonlyMap<string, string> = new Map([
  ["&", "write and"],
  ["|", "write or"],
  ["!", "write not, or != for unequal"],
  ["=", "write == for equal"],
  ['"', "name the metric under metrics: and use that name"],
  ["'", "name the metric under metrics: and use that name"],
  ["%", "write a share as a number such as 0.05"],
  ["^", "powers are not part of conditions"],
]);

function strange(text: string, at: number): string {
  const found = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const turned = text.slice(at, at + 2);
  const hint = turned === "=>" || turned === "=<" ? `write ${turned[1]}=` : hints.get(found);
  const shown = quoted(found);
  return hint === undefined ? `${shown} has no meaning here` : `${shown} has no meaning here; ${hint}`;
}

/** A found word in a sentence: short, on one line, whatever it is made of. */
export function quoted(text: string): string {
  const points = Array.from(text);
  return JSON.stringify(points.length > 20 ? `${points.slice(0, 20).join("")}…` : text);
}

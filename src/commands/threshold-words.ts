import { folded } from "./grammar.js";

export type LimitOperator = ">" | ">=" | "<" | "<=";

/** What the words after `threshold` ask for; `run` holds the words that name a run, if any. */
export type ThresholdRequest =
  | { readonly kind: "show"; readonly run: readonly string[] }
  | { readonly kind: "reset"; readonly words: readonly string[] }
  | {
      readonly kind: "set";
      readonly metric: string;
      /** Without an operator the value is the least total of a rise or a drop. */
      readonly op?: LimitOperator;
      readonly value: number;
      /** Points in a row beyond a limit. */
      readonly points?: number;
      readonly run: readonly string[];
    }
  | { readonly kind: "wrong"; readonly why: "no-metric" | "no-value" | "comma" | "points" };

/** Reads `loss 0.05 run42`, `loss > 2.5 for 3`, `loss>2.5`, `reset loss`, `loss reset`, `run42` or nothing. */
export function parseThreshold(given: readonly string[]): ThresholdRequest {
  const [first = "", ...rest] = given;
  if (resets.has(folded(first))) return { kind: "reset", words: rest };
  // Said the other way round, as one talks: `loss reset`. No run has that word alone as its name.
  if (given.length > 1 && resets.has(folded(given.at(-1) ?? "")))
    return { kind: "reset", words: given.slice(0, -1) };
  const words = withPercent(given.flatMap(apart));
  const at = words.findIndex((word) => operators.has(folded(word)) || isNumber(word));
  if (at < 0) {
    const almost = words.slice(1).find((word) => almostNumber.test(word));
    if (almost === undefined) return { kind: "show", run: given };
    return { kind: "wrong", why: almost.includes(",") ? "comma" : "no-value" };
  }
  if (at === 0) return { kind: "wrong", why: "no-metric" };
  const op = operators.get(folded(words[at] ?? ""));
  const valueAt = op === undefined ? at : at + 1;
  const value = words[valueAt] ?? "";
  if (!isNumber(value)) return { kind: "wrong", why: /^[+-]?\d+,\d/.test(value) ? "comma" : "no-value" };
  const after = tail(words.slice(valueAt + 1));
  if (after === undefined) return { kind: "wrong", why: "points" };
  return {
    kind: "set",
    metric: words.slice(0, at).join(" "),
    ...(op === undefined || op === "" ? {} : { op }),
    value: numberOf(value),
    ...(after.points === undefined ? {} : { points: after.points }),
    run: after.run,
  };
}

const resets = new Set(["reset", "default", "重置", "恢复", "恢复默认", "撤销"]);

const operators: ReadonlyMap<string, LimitOperator | ""> = new Map([
  [">", ">"],
  [">=", ">="],
  ["≥", ">="],
  ["<", "<"],
  ["<=", "<="],
  ["≤", "<="],
  ["above", ">"],
  ["over", ">"],
  ["不低于", ">="],
  ["不高于", "<="],
  ["大于", ">"],
  ["高于", ">"],
  ["超过", ">"],
  ["below", "<"],
  ["under", "<"],
  ["小于", "<"],
  ["低于", "<"],
  ["=", ""],
]);

/** `loss>2.5` and `损失大于2.5连续3次` as their words; a word without a comparison stays whole, tags may hold `=`. */
function apart(word: string): readonly string[] {
  const parts = /[<>≤≥]/u.test(word) ? word.split(/(>=|<=|>|<|≥|≤)/u) : word.split(comparedInChinese);
  return parts.flatMap((part) => part.split(heldInChinese)).filter((part) => part !== "");
}

/** A Chinese comparison only where a number follows: 大于 may stand in a name. */
const comparedInChinese = /(不低于|不高于|大于|高于|超过|小于|低于)(?=[+-]?[\d.])/u;
const heldInChinese = /(?<=\d%?)(连续\d+(?:个点|次|点)?)$/u;

/** A sign of percent that stands apart belongs to the number before it. */
function withPercent(words: readonly string[]): readonly string[] {
  return words.flatMap((word, at) => {
    if (word === "%" && at > 0 && isNumber(words[at - 1] ?? "")) return [];
    return [words[at + 1] === "%" && isNumber(word) ? `${word}%` : word];
  });
}

/** What was meant as a value, and is none. */
const almostNumber =
  /^[+-]?(?:nan|inf|infinity|∞|无穷|0x[0-9a-f]+|\d+(?:,\d+)+(?:\.\d+)?%?|\d+\.?\d*e[+-]?\d+%?)$/iu;

/** Plain decimals, exponents and percent; not `0x10`, not `Infinity`. */
function isNumber(word: string): boolean {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?%?$/iu.test(word) && Number.isFinite(numberOf(word));
}

function numberOf(word: string): number {
  return word.endsWith("%") ? Number(word.slice(0, -1)) / 100 : Number(word);
}

/** `for 3 points run42`: the points and what is left to name the run. */
function tail(
  words: readonly string[],
): { readonly points?: number; readonly run: readonly string[] } | undefined {
  const [first = "", second = "", third = ""] = words;
  const glued = /^(?:连续|for)(\d+)(?:个点|次|点|points?)?$/u.exec(folded(first));
  if (glued !== null) return withPoints(Number(glued[1]), words.slice(1));
  if (folded(first) !== "for" && first !== "连续") return { run: words };
  const count = /^(\d+)(?:个点|次|点|points?)?$/u.exec(folded(second));
  if (count === null) return undefined;
  const skip = ["points", "point", "点", "个点", "次"].includes(folded(third)) ? 3 : 2;
  return withPoints(Number(count[1]), words.slice(skip));
}

function withPoints(points: number, run: readonly string[]) {
  return points >= 1 && points <= 100_000 ? { points, run } : undefined;
}

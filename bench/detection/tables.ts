import type { Score } from "./score.js";

/** Every detector in a line: false alarms, and what it finds. */
export function comparison(scores: readonly (readonly [string, Score])[]): string {
  return table(
    ["detector", "false alarms", "critical", "macro detection", "score"],
    scores.map(([name, { falseAlarms, falseCritical, macro, score }]) => {
      return [name, percent(falseAlarms), percent(falseCritical), macro.toFixed(3), score.toFixed(3)];
    }),
  );
}

/** Every kind of fault in a line: the share that each detector finds, and how late the last one is. */
export function kinds(scores: readonly (readonly [string, Score])[]): string {
  const names = [...new Set(scores.flatMap(([, { found }]) => [...found.keys()]))];
  const short = scores.map(([name]) => name.replaceAll(/\*\*|,? ?\(.*|, literal|, defaults/g, ""));
  return table(
    ["fault", "series", ...short, "our delay (points)"],
    names.map((kind) => [
      kind,
      String(scores[0]?.[1].found.get(kind)?.of ?? 0),
      ...scores.map(([, { found }]) => percent(found.get(kind)?.share ?? 0)),
      String(scores.at(-1)?.[1].found.get(kind)?.delay ?? ""),
    ]),
  );
}

/** Every way in which the healthy curves were changed in a line. */
export function robustness(scores: readonly (readonly [string, Score])[]): string {
  return table(
    ["healthy curves", "false alarms", "critical", "by rule"],
    scores.map(([name, score]) => [
      name,
      percent(score.falseAlarms),
      percent(score.falseCritical),
      byRule(score),
    ]),
  );
}

export function byRule({ falseByRule }: Pick<Score, "falseByRule">): string {
  const rules = [...falseByRule].sort(([, one], [, other]) => other - one);
  return rules.length === 0 ? "none" : rules.map(([rule, count]) => `\`${rule}\` ${count}`).join(", ");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
  return (
    line(head) +
    line(head.map((title, i) => (i === 0 || title === "by rule" ? "---" : "---:"))) +
    rows.map(line).join("")
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}

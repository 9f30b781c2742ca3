import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { baselines } from "./detection/baselines.js";
import { readLabelledSeries } from "./detection/labelled-series.js";
import { ourAlarms } from "./detection/our-alarms.js";
import { type Score, scoreOf } from "./detection/score.js";

/**
 * Our default rules beside what others use, on real curves with labels: `npx tsx bench/detection.ts`. The curves lie in
 * the folder DETECTION_DATA, by default beside this repository; without them there is nothing to measure.
 */
const folder =
  process.env["DETECTION_DATA"] ?? fileURLToPath(new URL("../../shared/detection/public", import.meta.url));

if (!existsSync(folder)) {
  process.stdout.write(
    `skipped: no curves at ${folder}; set DETECTION_DATA to a folder with healthy.jsonl\n`,
  );
} else {
  const set = readLabelledSeries(folder);
  const ours = scoreOf(set, (series) => ourAlarms(series));
  const scores: [string, Score][] = [
    ...Object.entries(baselines).map(([name, judge]): [string, Score] => [name, scoreOf(set, judge)]),
    ["**TensorBell, defaults**", ours],
  ];
  process.stdout.write(`${comparison(scores)}\n${kinds(scores)}\n`);
  const rules = [...ours.falseByRule].map(([rule, count]) => `${rule} ${count}`).join(", ");
  process.stdout.write(`healthy series with an alarm, by rule: ${rules === "" ? "none" : rules}\n`);
}

function comparison(scores: readonly [string, Score][]): string {
  return table(
    ["detector", "false alarms", "critical", "macro detection", "score"],
    scores.map(([name, { falseAlarms, falseCritical, macro, score }]) => {
      return [name, percent(falseAlarms), percent(falseCritical), macro.toFixed(3), score.toFixed(3)];
    }),
  );
}

function kinds(scores: readonly [string, Score][]): string {
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

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
  return line(head) + line(head.map((_, i) => (i === 0 ? "---" : "---:"))) + rows.map(line).join("");
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}

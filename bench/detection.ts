import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { baselines } from "./detection/baselines.js";
import { readLabelledSeries } from "./detection/labelled-series.js";
import { ourAlarms } from "./detection/our-alarms.js";
import { type Score, scoreOf } from "./detection/score.js";
import { byRule, comparison, kinds, robustness } from "./detection/tables.js";
import { seeded, variants } from "./detection/variants.js";

/**
 * Our default rules beside what others use, on real curves with labels, and on the healthy ones changed in ways that must not
 * matter. `npm run bench:detection -- FOLDER` (or DETECTION_DATA) prints the tables and, with `--write`, puts them into
 * docs/detection.md. The folder holds healthy.jsonl, bad.jsonl and injected.jsonl; without one there is nothing to measure.
 */
const words = process.argv.slice(2);
const folder = words.find((word) => !word.startsWith("--")) ?? process.env["DETECTION_DATA"] ?? "";

if (!existsSync(`${folder}/healthy.jsonl`)) {
  const said = folder === "" ? "no folder given" : `no healthy.jsonl in ${folder}`;
  process.stdout.write(`skipped: ${said}; name a folder with labelled curves, or set DETECTION_DATA\n`);
} else {
  const parts = measured(folder);
  for (const [name, text] of Object.entries(parts)) process.stdout.write(`${name}\n\n${text}\n`);
  if (words.includes("--write")) await writeInto(new URL("../docs/detection.md", import.meta.url), parts);
}

function measured(from: string): Readonly<Record<string, string>> {
  const set = readLabelledSeries(from);
  const ours = scoreOf(set, (series) => ourAlarms(series));
  const scores: [string, Score][] = [
    ...Object.entries(baselines).map(([name, judge]): [string, Score] => [name, scoreOf(set, judge)]),
    ["**TensorBell, defaults**", ours],
  ];
  const healthy = set.filter(({ part }) => part === "healthy");
  const changed = Object.entries(variants).map(([name, change]): [string, Score] => {
    const random = seeded(1);
    return [name, scoreOf(healthy, (series) => ourAlarms(change(series, random)))];
  });
  return {
    detectors: comparison(scores),
    faults: `${kinds(scores)}\nHealthy series with an alarm, by rule: ${byRule(ours)}.\n`,
    robustness: robustness(changed),
  };
}

/** Each part stands between its marks; the rest of the page is written by hand. */
async function writeInto(page: URL, parts: Readonly<Record<string, string>>): Promise<void> {
  let text = readFileSync(page, "utf8");
  for (const [name, part] of Object.entries(parts)) {
    const [begin, end] = [`<!-- measured: ${name} -->`, `<!-- end: ${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`docs/detection.md lacks the marks of ${name}`);
    text = `${text.slice(0, from + begin.length)}\n\n${part}\n${text.slice(to)}`;
  }
  const file = fileURLToPath(page);
  writeFileSync(page, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}

import type { Command } from "commander";
import { logRunSlices } from "../eventlog/log-run-slices.js";
import type { PointBatch } from "../eventlog/point-batch.js";
import { systemClock } from "../lib/clock.js";
import { EffectiveSeries } from "../series/effective.js";
import { findLogRuns, openLogDirectory } from "./log-directory.js";
import { print, refuse } from "./print.js";
import { csvScalars } from "./scalars-csv.js";
import { jsonScalars } from "./scalars-json.js";
import { tableScalars } from "./scalars-table.js";
import type { RunDamage, ScalarsWriter } from "./scalars-writer.js";

/** `tensorbell scalars LOGDIR`: every scalar that stands, as TensorBoard would draw it. */
export function registerScalars(program: Command): void {
  program
    .command("scalars")
    .description("print the scalars of all runs below a log directory")
    .argument("<logdir>", "directory with TensorBoard event files")
    .option("--json", "machine-readable: runs, tags, [step, wall time, value] and the damage found")
    .option("--format <format>", "json or csv")
    .option("--run <name>", "only this log run (path below the log directory, . for itself)")
    .option("--tag <name>", "only this tag")
    .action(async (logdir: string, options: ScalarsOptions) => {
      const format = options.format ?? (options.json === true ? "json" : "table");
      if (!isFormat(format)) {
        refuse(`--format ${format}: expected json or csv`);
        return;
      }
      await printScalars(logdir, options, writers[format]);
    });
}

interface ScalarsOptions {
  readonly json?: boolean;
  readonly format?: string;
  readonly run?: string;
  readonly tag?: string;
}

const writers = { json: jsonScalars, csv: csvScalars, table: tableScalars } as const satisfies Readonly<
  Record<string, () => ScalarsWriter>
>;

function isFormat(format: string): format is keyof typeof writers {
  return Object.hasOwn(writers, format);
}

async function printScalars(
  logdir: string,
  options: ScalarsOptions,
  makeWriter: () => ScalarsWriter,
): Promise<void> {
  const opened = openLogDirectory(logdir);
  if (opened.kind === "problem") {
    refuse(opened.problem);
    return;
  }
  const { source, root } = opened;
  const now = systemClock.now();
  const { logRuns, problems } = await findLogRuns(opened, now);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  const writer = makeWriter();
  const damage: RunDamage[] = [];
  await print(writer.begin());
  for (const run of logRuns) {
    if (options.run !== undefined && options.run !== run) continue;
    const series = new Map<string, EffectiveSeries>();
    for await (const slice of logRunSlices(source, { root, logRun: run, now })) {
      damage.push(...slice.damage.map((found) => ({ run, ...found })));
      takePoints(slice.points, series, options.tag);
    }
    for (const piece of writer.run(run, series)) await print(piece);
  }
  await print(writer.end(damage));
}

function takePoints(
  { length, tags, tag, step, wallTime, value }: PointBatch,
  series: Map<string, EffectiveSeries>,
  only: string | undefined,
): void {
  const targets = tags.map((name) =>
    only === undefined || only === name ? seriesOf(series, name) : undefined,
  );
  for (let index = 0; index < length; index += 1) {
    targets[tag[index] ?? 0]?.push(step[index] ?? 0, wallTime[index] ?? 0, value[index] ?? 0);
  }
}

function seriesOf(series: Map<string, EffectiveSeries>, tag: string): EffectiveSeries {
  const known = series.get(tag);
  if (known !== undefined) return known;
  const fresh = new EffectiveSeries();
  series.set(tag, fresh);
  return fresh;
}

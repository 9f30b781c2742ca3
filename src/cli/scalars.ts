import type { Command } from "commander";
import { logRunSlices } from "../eventlog/log-run-slices.js";
import type { PointBatch } from "../eventlog/point-batch.js";
import { systemClock } from "../lib/clock.js";
import { EffectiveSeries } from "../series/effective.js";
import { UsageError } from "./exit-codes.js";
import { fileFault } from "./file-fault.js";
import { findLogRuns, openLogDirectory } from "./log-directory.js";
import { csvScalars } from "./scalars-csv.js";
import { jsonScalars } from "./scalars-json.js";
import { openTextOutput, type ScalarsOutput } from "./scalars-output.js";
import { damageLines, tableScalars } from "./scalars-table.js";
import type { RunDamage, ScalarsWriter } from "./scalars-writer.js";

/** `tensorbell scalars LOGDIR`: every scalar that stands, as TensorBoard would draw it. */
export function registerScalars(program: Command): void {
  program
    .command("scalars")
    .description("print the scalars of all runs below a log directory")
    .argument("<logdir>", "directory with TensorBoard event files")
    .option("--json", "machine-readable: runs, tags, [step, wall time, value] and the damage found")
    .option("--format <format>", "json, csv or parquet")
    .option("--output <file>", "write to this file, which appears when it is whole (parquet needs one)")
    .option("--run <name>", "only this log run (path below the log directory, . for itself)")
    .option("--tag <name>", "only this tag")
    .action(async (logdir: string, options: ScalarsOptions) => {
      const format = options.format ?? (options.json === true ? "json" : "table");
      if (format !== "parquet" && !isFormat(format))
        throw new UsageError(`--format ${format}: expected json, csv or parquet`);
      if (format === "parquet" && options.output === undefined)
        throw new UsageError("--format parquet is no text: name a file with --output");
      await exportScalars(logdir, options, format);
    });
}

interface ScalarsOptions {
  readonly json?: boolean;
  readonly format?: string;
  readonly output?: string;
  readonly run?: string;
  readonly tag?: string;
}

const writers = { json: jsonScalars, csv: csvScalars, table: tableScalars } as const satisfies Readonly<
  Record<string, () => ScalarsWriter>
>;

function isFormat(format: string): format is keyof typeof writers {
  return Object.hasOwn(writers, format);
}

async function exportScalars(
  logdir: string,
  options: ScalarsOptions,
  format: keyof typeof writers | "parquet",
): Promise<void> {
  const opened = openLogDirectory(logdir);
  const { source, root } = opened;
  const now = systemClock.now();
  const { logRuns, problems } = await findLogRuns(opened, now);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  const output = await openOutput(format, options.output);
  const damage: RunDamage[] = [];
  try {
    for (const run of logRuns) {
      if (options.run !== undefined && options.run !== run) continue;
      const series = new Map<string, EffectiveSeries>();
      for await (const slice of logRunSlices(source, { root, logRun: run, now })) {
        damage.push(...slice.damage.map((found) => ({ run, ...found })));
        takePoints(slice.points, series, options.tag);
      }
      await output.run(run, series);
    }
    await output.end(damage);
  } catch (error) {
    output.abandon();
    throw unwritten(error, options.output);
  }
  if (format === "csv" || format === "parquet") process.stderr.write(damageLines(damage));
}

async function openOutput(
  format: keyof typeof writers | "parquet",
  file: string | undefined,
): Promise<ScalarsOutput> {
  try {
    if (format !== "parquet") return await openTextOutput(writers[format](), file);
    const { openParquetOutput } = await import("./scalars-parquet.js");
    return await openParquetOutput(file ?? "");
  } catch (error) {
    throw unwritten(error, file);
  }
}

/** A sentence where writing the file failed. */
function unwritten(error: unknown, file: string | undefined): unknown {
  const syscall = error instanceof Error && "syscall" in error ? String(error.syscall) : "";
  if (file === undefined || !["open", "write", "rename"].includes(syscall)) return error;
  return new UsageError(`--output ${file}: cannot be written (${fileFault(error)})`);
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

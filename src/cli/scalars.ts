import { type Command, Option } from "commander";
import { logRunSlices } from "../eventlog/log-run-slices.js";
import type { PointBatch } from "../eventlog/point-batch.js";
import { systemClock } from "../lib/clock.js";
import { EffectiveSeries } from "../series/effective.js";
import { RecordedSeries } from "../series/recorded-series.js";
import { UsageError } from "./exit-codes.js";
import { fileFault } from "./file-fault.js";
import { findLogRuns, openLogDirectory } from "./log-directory.js";
import { ProgressBar } from "./progress-bar.js";
import { csvScalars } from "./scalars-csv.js";
import { jsonScalars } from "./scalars-json.js";
import { openTextOutput, type ScalarsOutput } from "./scalars-output.js";
import { damageLines, tableScalars } from "./scalars-table.js";
import type { RunDamage, ScalarsExtent, ScalarsWriter } from "./scalars-writer.js";

/** `tensorbell scalars LOGDIR`: every scalar that stands, as TensorBoard would draw it, or all that were ever written. */
export function registerScalars(program: Command): void {
  program
    .command("scalars")
    .description("print the scalars of all runs below a log directory")
    .argument("<logdir>", "directory with TensorBoard event files")
    .addOption(
      new Option(
        "--json",
        "machine-readable: runs, tags, [step, wall time, value] and the damage found",
      ).conflicts("format"),
    )
    .option("--format <format>", "json, csv or parquet (default: by the ending of --output, else a table)")
    .option("--output <file>", "write to this file, which appears when it is whole (parquet needs one)")
    .option("--run <name>", "only this log run (path below the log directory, . for itself)")
    .option("--tag <name>", "only this tag")
    .option(
      "--all",
      "also points that a restarted run wrote again: all as written, each marked taken_away or not",
    )
    .addHelpText("after", examples)
    .action(async (logdir: string, options: ScalarsOptions) => {
      await exportScalars(logdir, options, formatOf(options));
    });
}

const examples = `
  tensorbell scalars logs --format csv --output scalars.csv
  tensorbell scalars logs --json --run exp/train --tag loss | jq .runs`;

interface ScalarsOptions {
  readonly json?: boolean;
  readonly format?: string;
  readonly output?: string;
  readonly run?: string;
  readonly tag?: string;
  readonly all?: boolean;
}

const writers = { json: jsonScalars, csv: csvScalars, table: tableScalars } as const satisfies Readonly<
  Record<string, (extent: ScalarsExtent) => ScalarsWriter>
>;

/** What holds a series while it is read. */
const seriesOf = { standing: EffectiveSeries, all: RecordedSeries } as const;
type Series = EffectiveSeries | RecordedSeries;

type Format = keyof typeof writers | "parquet";

/** What the options ask for, or a file's name says. */
function formatOf({ json, format, output }: ScalarsOptions): Format {
  const named = /\.(json|csv|parquet)$/iu.exec(output ?? "")?.[1]?.toLowerCase();
  const wanted = format ?? (json === true ? "json" : (named ?? "table"));
  if (!isFormat(wanted)) throw new UsageError(`--format ${wanted}: expected json, csv or parquet`);
  if (wanted === "parquet" && output === undefined)
    throw new UsageError("--format parquet is no text: name a file with --output");
  return wanted;
}

function isFormat(format: string): format is Format {
  return format === "parquet" || Object.hasOwn(writers, format);
}

async function exportScalars(logdir: string, options: ScalarsOptions, format: Format): Promise<void> {
  const opened = openLogDirectory(logdir);
  const { source, root } = opened;
  const now = systemClock.now();
  const { logRuns, problems } = await findLogRuns(opened, now);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  const wanted = logRuns.filter((name) => options.run === undefined || options.run === name);
  if (options.run !== undefined && wanted.length === 0)
    throw new UsageError(
      `--run ${options.run}: no such log run below ${root}; tensorbell inspect lists those there are`,
    );
  const extent = options.all === true ? "all" : "standing";
  const output = await openOutput(format, extent, options.output);
  const progress = new ProgressBar(wanted.length);
  const damage: RunDamage[] = [];
  let found = 0;
  try {
    for (const run of wanted) {
      const series = new Map<string, Series>();
      for await (const slice of logRunSlices(source, { root, logRun: run, now })) {
        damage.push(...slice.damage.map((finding) => ({ run, ...finding })));
        for (const tag of slice.points.tags) {
          if (options.tag !== undefined && options.tag !== tag) continue;
          if (!series.has(tag)) series.set(tag, new seriesOf[extent]());
        }
        takePoints(slice.points, series);
        if (!isShared(options)) progress.show();
      }
      await output.run(run, series);
      found += series.size;
      if (!isShared(options)) progress.advance();
    }
    await output.end(damage);
  } catch (error) {
    output.abandon();
    throw unwritten(error, options.output);
  } finally {
    progress.end();
  }
  if (options.tag !== undefined && found === 0)
    process.stderr.write(`--tag ${options.tag}: no such scalar; tensorbell inspect lists those there are\n`);
  if (format === "csv" || format === "parquet") process.stderr.write(damageLines(damage));
}

/** Whether the result goes to the terminal, where a progress bar would stand in it. */
function isShared({ output }: ScalarsOptions): boolean {
  return output === undefined && process.stdout.isTTY;
}

async function openOutput(
  format: Format,
  extent: ScalarsExtent,
  file: string | undefined,
): Promise<ScalarsOutput> {
  try {
    if (format !== "parquet") return await openTextOutput(writers[format](extent), file);
    const { openParquetOutput } = await import("./scalars-parquet.js");
    return await openParquetOutput(file ?? "", extent);
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
  series: ReadonlyMap<string, Series>,
): void {
  const targets = tags.map((name) => series.get(name));
  for (let index = 0; index < length; index += 1) {
    targets[tag[index] ?? 0]?.push(step[index] ?? 0, wallTime[index] ?? 0, value[index] ?? 0);
  }
}

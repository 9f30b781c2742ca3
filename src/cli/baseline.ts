import type { Command } from "commander";
import { readFileSync } from "node:fs";
import { type Baseline, enoughRuns } from "../alerts/gate-baseline.js";
import { seriesName } from "../alerts/gate-series.js";
import { absolute } from "../app/environment.js";
import { systemClock } from "../lib/clock.js";
import { formatCount, formatNumber } from "../message/format-number.js";
import { parseBaseline, writeBaseline } from "./check/baseline-file.js";
import { baselineOf } from "./check/baseline-of-runs.js";
import { UsageError } from "./exit-codes.js";
import { fileFault } from "./file-fault.js";
import { openLogDirectory } from "./log-directory.js";
import { prepare } from "./prepare.js";
import { print, printable } from "./print.js";
import { stopSignal } from "./stop-signal.js";
import { refuseUnwritable, writeWhole } from "./whole-file.js";

/** `tensorbell baseline save|show`: what `check --baseline` compares with, as a file to keep beside the code. */
export function registerBaseline(program: Command): void {
  const baseline = program
    .command("baseline")
    .description("make or show the baseline file that check compares with");
  baseline
    .command("save")
    .description("write the curves of good runs into a small file")
    .argument("<logdir>", "directory with TensorBoard event files")
    .requiredOption("-o, --output <file>", "file to write")
    .option("--run <pattern>", "only runs whose name matches; may be repeated", collect)
    .option("--metric <pattern>", "tags to keep; losses and accuracies otherwise; may be repeated", collect)
    .option("--config <file>", "configuration file (default: ./tensorbell.yaml where it exists)")
    .addHelpText("after", `\n  tensorbell baseline save logs --run 'good/*' -o baseline.json`)
    .exitOverride()
    .action(save);
  baseline
    .command("show")
    .description("print what a baseline file holds")
    .argument("<file>", "a file of baseline save")
    .option("--json", "machine-readable: the file as it was understood")
    .exitOverride()
    .action(async (file: string, { json }: { readonly json?: boolean }) => {
      const path = absolute(file, prepare().folder);
      const baseline = parseBaseline(readText(path), path);
      await print(json === true ? writeBaseline(baseline) : table(baseline));
    });
}

const fewRuns = `fewer than ${enoughRuns} runs do not tell how much runs differ by chance: only check.baseline.tolerance will count\n`;

interface SaveOptions {
  readonly output: string;
  readonly run?: readonly string[];
  readonly metric?: readonly string[];
  readonly config?: string;
}

async function save(logdir: string, options: SaveOptions): Promise<void> {
  const { config, folder } = prepare(options.config);
  const file = absolute(options.output, folder);
  refuseUnwritable(file);
  const opened = openLogDirectory(logdir);
  const signal = stopSignal();
  const settings = { rules: {}, metrics: config.metrics, overrides: [] };
  const reader = { ...opened, settings, signal, now: systemClock.now(), ruleFailed: () => undefined };
  try {
    const baseline = await baselineOf(reader, { runs: options.run, metrics: options.metric });
    if (baseline.metrics.length === 0) {
      throw new UsageError(
        `${opened.root}: no chosen run has a metric to compare (a loss or an accuracy, or --metric)`,
      );
    }
    writeWhole(file, writeBaseline(baseline));
    await print(`${table(baseline)}saved in ${file}\n`);
    if (baseline.metrics.some(({ curves }) => curves.length < enoughRuns)) process.stderr.write(fewRuns);
  } catch (cause) {
    if (!signal.aborted) throw cause;
    process.exitCode = 130;
  }
}

function table({ metrics }: Baseline): string {
  const rows = metrics.map((metric) => {
    const ends = metric.curves.flatMap(({ curve }) => curve.at(-1) ?? []);
    const bests = metric.curves.map(({ curve }) => curve.at(-1)?.[2] ?? Number.NaN);
    const steps = Math.max(...metric.curves.map(({ curve }) => curve.at(-1)?.[0] ?? 0));
    const range = `${formatNumber(Math.min(...bests))} to ${formatNumber(Math.max(...bests))}`;
    const runs = metric.curves.length === 1 ? "1 run" : `${formatCount(metric.curves.length)} runs`;
    return ends.length === 0
      ? []
      : [
          printable(seriesName(metric)),
          `${metric.direction} is better`,
          runs,
          `to step ${formatCount(steps)}`,
          `best ${range}`,
        ];
  });
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ")}\n`).join("");
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new UsageError(`${file}: cannot be read (${fileFault(cause)})`);
  }
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

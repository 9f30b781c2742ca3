import type { Command } from "commander";
import { logRunSlices } from "../eventlog/log-run-slices.js";
import { systemClock } from "../lib/clock.js";
import { EffectiveSeries } from "../series/effective.js";
import { groupLogRuns } from "../series/group-log-runs.js";
import type { ShownValue, InspectedTag, InspectedSplit, Inspection } from "./inspection.js";
import { inspectText } from "./inspect-text.js";
import { findLogRuns, openLogDirectory, type OpenedLogDirectory } from "./log-directory.js";
import { print } from "./print.js";
import { ProgressBar } from "./progress-bar.js";

/** `tensorbell inspect LOGDIR`: what is there, without the points themselves. */
export function registerInspect(program: Command): void {
  program
    .command("inspect")
    .description("list runs with splits, tags, hyper-parameters and damage of a log directory")
    .argument("<logdir>", "directory with TensorBoard event files")
    .option("--json", "machine-readable: counts, ranges and last values, no point lists")
    .addHelpText("after", `\n  tensorbell inspect logs\n  tensorbell inspect s3://bucket/logs --json`)
    .action(async (logdir: string, options: { readonly json?: boolean }) => {
      const opened = openLogDirectory(logdir);
      const inspection = await inspect(opened, systemClock.now());
      await print(options.json === true ? `${JSON.stringify(inspection)}\n` : inspectText(inspection));
    });
}

async function inspect(opened: OpenedLogDirectory, now: number): Promise<Inspection> {
  const { logRuns, problems } = await findLogRuns(opened, now);
  const places = groupLogRuns(logRuns);
  const runs = new Map<string, InspectedSplit[]>();
  const progress = new ProgressBar(logRuns.length);
  for (const logRun of logRuns) {
    const { run, split } = places.get(logRun) ?? { run: logRun, split: "" };
    const splits = runs.get(run) ?? [];
    runs.set(run, splits);
    splits.push(await inspectLogRun(opened, { logRun, split, now, onSlice: () => progress.show() }));
    progress.advance();
  }
  progress.end();
  return { logdir: opened.root, runs: [...runs].map(([run, splits]) => ({ run, splits })), problems };
}

interface Whereabouts {
  readonly logRun: string;
  readonly split: string;
  readonly now: number;
  readonly onSlice: () => void;
}

async function inspectLogRun(
  { source, root }: OpenedLogDirectory,
  { logRun, split, now, onSlice }: Whereabouts,
): Promise<InspectedSplit> {
  const series = new Map<string, { readonly standing: EffectiveSeries; read: number }>();
  const damage: InspectedSplit["damage"][number][] = [];
  let kinds: Readonly<Record<string, string>> = {};
  let hparams: InspectedSplit["hparams"] = {};
  const plugins = new Map<string, string>();
  let bytes = 0;
  for await (const slice of logRunSlices(source, { root, logRun, now })) {
    const { length, tags, tag, step, wallTime, value } = slice.points;
    const targets = tags.map((name) => {
      const target = series.get(name) ?? { standing: new EffectiveSeries(), read: 0 };
      series.set(name, target);
      return target;
    });
    for (let index = 0; index < length; index += 1) {
      const target = targets[tag[index] ?? 0];
      if (target === undefined) continue;
      target.read += 1;
      target.standing.push(step[index] ?? 0, wallTime[index] ?? 0, value[index] ?? 0);
    }
    damage.push(...slice.damage.map(({ file, kind, offset }) => ({ file, kind, offset })));
    kinds = slice.cursor.tags;
    hparams = { ...hparams, ...slice.hparams };
    for (const [tag, plugin] of Object.entries(slice.plugins ?? {})) plugins.set(tag, plugin);
    bytes += slice.bytes;
    onSlice();
  }
  const tags = Object.entries(kinds).map(([tag, kind]) => {
    const plugin = kind === "other" ? (plugins.get(tag) ?? "") : `${kind}s`;
    return inspectedTag({ tag, kind, ...(plugin === "" ? {} : { plugin }) }, series.get(tag));
  });
  return { split, log_run: logRun, bytes, tags, hparams, damage };
}

function inspectedTag(
  named: Pick<InspectedTag, "tag" | "kind" | "plugin">,
  series: { readonly standing: EffectiveSeries; readonly read: number } | undefined,
): InspectedTag {
  if (series === undefined) return { ...named, points: 0 };
  const { step, wallTime, value } = series.standing.columns();
  return {
    ...named,
    points: step.length,
    first_step: step[0] ?? 0,
    last_step: step.at(-1) ?? 0,
    first_wall_time: shown(wallTime[0]),
    last_wall_time: shown(wallTime.at(-1)),
    last_value: shown(value.at(-1)),
    taken_away: series.read - step.length,
  };
}

function shown(value: number | undefined): ShownValue {
  if (value === undefined || Number.isNaN(value)) return "NaN";
  if (Number.isFinite(value)) return value;
  return value > 0 ? "Infinity" : "-Infinity";
}

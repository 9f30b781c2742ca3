import { runLengthOf } from "../../rules/run-length.js";
import type { RuleFailure } from "../../alerts/rule-failure.js";
import type { GateSeries } from "../../alerts/gate-series.js";
import type { LogRunSlice, LogSource } from "../../eventlog/log-source.js";
import type { RuleSettings } from "../../rules/effective-settings.js";
import { EffectiveSeries } from "../../series/effective.js";
import { labelSeries } from "../../series/label-series.js";
import type { SeriesLabels } from "../../series/labels.js";
import { type Run, watchIdOf } from "../../series/run.js";
import { type ReplayedRun, replayRun } from "../replay-run.js";
import type { FoundRun } from "./find-runs.js";

export interface RunReading extends Pick<ReplayedRun, "transitions" | "points" | "damaged" | "labelsOf"> {
  readonly name: string;
  /** All series; those that nobody wants without their points. */
  readonly series: readonly GateSeries[];
  /** Wall time (seconds) of the first and the newest point; NaN without points. */
  readonly begun: number;
  readonly newest: number;
  readonly lastStep: number;
  /** Steps that the run declares to make. */
  readonly declared: number | undefined;
}

export interface Reader {
  readonly source: LogSource;
  readonly root: string;
  readonly settings: RuleSettings;
  readonly signal: AbortSignal;
  readonly now: number;
  /** Whose points are kept: memory is bounded by what the gate asks for. */
  readonly wants: (labels: SeriesLabels) => boolean;
  readonly ruleFailed: (failure: RuleFailure) => void;
}

/** Reads a run once: the rules judge it while the points of the wanted series are kept. Throws what `signal` was aborted with. */
export async function readRun(reader: Reader, found: FoundRun): Promise<RunReading> {
  const { source, root, settings, now } = reader;
  const run: Run = { watch: watchIdOf(root), name: found.name };
  const kept = new KeptPoints(reader, run, new Map(found.logRuns.map(({ name, split }) => [name, split])));
  const { transitions, points, damaged, labelsOf } = await replayRun({
    source: {
      scheme: source.scheme,
      scanner: (...request) => source.scanner(...request),
      read: async (request) => {
        reader.signal.throwIfAborted();
        const slice = await source.read(request);
        kept.take(request.logRun, slice);
        return slice;
      },
    },
    root,
    run,
    logRuns: found.logRuns,
    settings,
    now,
    onRuleFailure: (failure) => reader.ruleFailed(failure),
  });
  return { name: found.name, transitions, points, damaged, labelsOf, ...kept.facts() };
}

interface Kept {
  readonly labels: SeriesLabels;
  readonly points: EffectiveSeries | undefined;
}

class KeptPoints {
  readonly #reader: Reader;
  readonly #run: Run;
  readonly #splits: ReadonlyMap<string, string>;
  readonly #series = new Map<string, Map<string, Kept>>();
  #begun = Number.NaN;
  #newest = Number.NaN;
  #lastStep = 0;
  #declared: number | undefined;

  constructor(reader: Reader, run: Run, splits: ReadonlyMap<string, string>) {
    this.#reader = reader;
    this.#run = run;
    this.#splits = splits;
  }

  take(logRun: string, { points, hparams }: LogRunSlice): void {
    const targets = points.tags.map((tag) => this.#kept(logRun, tag));
    for (let i = 0; i < points.length; i += 1) {
      const step = points.step[i] ?? 0;
      const wallTime = points.wallTime[i] ?? 0;
      if (!(this.#begun <= wallTime)) this.#begun = wallTime;
      if (!(this.#newest >= wallTime)) this.#newest = wallTime;
      if (step > this.#lastStep) this.#lastStep = step;
      targets[points.tag[i] ?? 0]?.points?.push(step, wallTime, points.value[i] ?? 0);
    }
    if (hparams !== undefined) this.#declared = runLengthOf(hparams).steps ?? this.#declared;
  }

  facts(): Pick<RunReading, "series" | "begun" | "newest" | "lastStep" | "declared"> {
    const series = [...this.#series.values()].flatMap((tags) => [...tags.values()]);
    return {
      series: series.map(({ labels, points }) => ({ labels, columns: points?.columns() ?? noColumns })),
      begun: this.#begun,
      newest: this.#newest,
      lastStep: this.#lastStep,
      declared: this.#declared,
    };
  }

  #kept(logRun: string, tag: string): Kept {
    const tags = this.#series.get(logRun) ?? new Map<string, Kept>();
    this.#series.set(logRun, tags);
    const known = tags.get(tag);
    if (known !== undefined) return known;
    const name = { run: this.#run, split: this.#splits.get(logRun) ?? "", tag };
    const labels = labelSeries(name, this.#reader.settings.metrics);
    const fresh: Kept = { labels, points: this.#reader.wants(labels) ? new EffectiveSeries() : undefined };
    tags.set(tag, fresh);
    return fresh;
  }
}

const none = new Float64Array();
const noColumns = { step: none, wallTime: none, value: none };

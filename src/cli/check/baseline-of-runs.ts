import { type Baseline, type BaselineMetric, thinCurve } from "../../alerts/gate-baseline.js";
import { matchesGlob } from "../../lib/glob.js";
import { byCodePoints } from "../../eventlog/file/list-log-run.js";
import type { SeriesLabels } from "../../series/labels.js";
import { seriesKeyOf } from "../../series/run.js";
import { ProgressBar } from "../progress-bar.js";
import { UsageError } from "../exit-codes.js";
import { findRuns } from "./find-runs.js";
import { readRun, type Reader } from "./read-run.js";

export type BaselineReader = Omit<Reader, "source" | "root" | "wants">;

export interface BaselineChoice {
  /** Patterns of run names; all without. */
  readonly runs?: readonly string[] | undefined;
  /** Patterns of tags; without, the losses and accuracies. */
  readonly metrics?: readonly string[] | undefined;
}

/** The baseline that the chosen runs make, in an order that does not depend on how they were found. */
export async function baselineOf(reader: Omit<Reader, "wants">, choice: BaselineChoice): Promise<Baseline> {
  const found = await findRuns(reader, choice.runs, reader.now);
  if (found.problems.length > 0) throw new UsageError(found.problems.join("\n  "));
  const metrics = new Map<string, BaselineMetric>();
  const wants = (labels: SeriesLabels): boolean => isCompared(labels, choice.metrics);
  const progress = new ProgressBar(found.runs.length);
  for (const run of found.runs) {
    const { series } = await readRun({ ...reader, wants }, run);
    for (const { labels, columns } of series) {
      if (labels.direction === "unknown" || !wants(labels)) continue;
      const { split, tag, direction, phase } = labels;
      const curve = thinCurve(columns, direction);
      if (curve.length === 0) continue;
      const key = seriesKeyOf(split, tag);
      const metric = metrics.get(key) ?? { split, tag, direction, phase, curves: [] };
      metrics.set(key, { ...metric, curves: [...metric.curves, { run: run.name, curve }] });
    }
    progress.advance();
  }
  progress.end();
  const sorted = [...metrics].sort(([one], [other]) => byCodePoints(one, other));
  return { metrics: sorted.map(([, metric]) => metric) };
}

function isCompared(
  { kind, direction, split, tag }: SeriesLabels,
  patterns: readonly string[] | undefined,
): boolean {
  if (direction === "unknown") return false;
  if (patterns === undefined) return kind === "loss" || kind === "accuracy";
  return patterns.some((pattern) => matchesGlob(pattern, tag) || matchesGlob(pattern, `${split}:${tag}`));
}

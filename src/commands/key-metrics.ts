import type { MetricKind, Phase } from "../series/labels.js";
import type { SeriesSummary } from "./context.js";

/** Series in the order that people ask for them: losses and accuracies first, validation before the rest. */
export function keyMetrics(series: readonly SeriesSummary[]): readonly SeriesSummary[] {
  return [...series].sort(
    (a, b) =>
      kinds.indexOf(a.labels.kind) - kinds.indexOf(b.labels.kind) ||
      phases.indexOf(a.labels.phase) - phases.indexOf(b.labels.phase) ||
      (a.key < b.key ? -1 : 1),
  );
}

const kinds: readonly MetricKind[] = [
  "loss",
  "accuracy",
  "gradient-norm",
  "learning-rate",
  "regulariser",
  "throughput",
  "other",
  "utilisation",
  "progress",
];

const phases: readonly Phase[] = ["train", "unknown", "validation"];

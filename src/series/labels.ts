import type { Run } from "./run.js";

/** Which part of training a series comes from. */
export type Phase = "train" | "validation" | "unknown";
/** Which way is better. */
export type Direction = "lower" | "higher" | "unknown";
/** What a metric is, judged from its name, correctable in the config. */
export type MetricKind =
  | "loss"
  | "accuracy"
  | "gradient-norm"
  | "learning-rate"
  | "throughput"
  | "utilisation"
  | "regulariser"
  | "progress"
  | "other";

/** All that rules know of a series beside its points. */
export interface SeriesLabels {
  readonly run: Run;
  readonly split: string;
  readonly tag: string;
  readonly kind: MetricKind;
  readonly phase: Phase;
  readonly direction: Direction;
}

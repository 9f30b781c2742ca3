import type { HistogramSummary } from "../eventlog/histogram-summary.js";

/** One scalar as read: step (int64 within ±2^53), wall time (seconds since 1970 by the writer's clock), value (may be NaN or infinite). */
export interface Point {
  readonly step: number;
  readonly wallTime: number;
  readonly value: number;
  /** Of a histogram, absent for scalars; `value` is then its largest size, or what is not finite. */
  readonly histogram?: HistogramSummary;
}

/** Points in columns, index by index; what stores and charts pass around. */
export interface PointColumns {
  readonly step: Float64Array;
  readonly wallTime: Float64Array;
  readonly value: Float64Array;
}

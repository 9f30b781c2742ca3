import type { HistogramRow } from "../eventlog/histogram-rows.js";
import { largestSize } from "../eventlog/histogram-summary.js";
import type { Point } from "../series/point.js";

/** A histogram as rules judge it. */
export function histogramPoint({ step, wallTime, summary }: HistogramRow): Point {
  return { step, wallTime, value: summary.nonFinite ?? largestSize(summary), histogram: summary };
}

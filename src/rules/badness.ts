import type { SeriesLabels } from "../series/labels.js";

/** 1 where lower is better (or nobody knows), −1 where higher is: times the value, more is worse. */
export function badnessSign({ direction }: SeriesLabels): 1 | -1 {
  return direction === "higher" ? -1 : 1;
}

/** Whether a series is one of the curves that training is meant to improve. */
export function isCurve({ kind }: SeriesLabels): boolean {
  return kind === "loss" || kind === "accuracy";
}

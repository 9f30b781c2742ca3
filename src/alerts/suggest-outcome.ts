import type { PointColumns } from "../series/point.js";
import type { Direction } from "../series/labels.js";

/** Shorter curves say too little about their end. */
export const fewestPoints = 20;
const atMostPlaces = 2_000;

/**
 * How a curve ended. Well: every value is finite, and the running median (over a twentieth of the points, 5 to 51) ends
 * within 10 % of the best progress it had made since its start, or within the noise. Unclear where the curve is short
 * or nobody knows which way is better.
 */
export function outcomeOf({ value }: PointColumns, direction: Direction): "well" | "badly" | "unclear" {
  // Whichever way is better: a loss that is NaN did not end well.
  if (direction === "unknown" || value.length === 0) return "unclear";
  if (!value.every((one) => Number.isFinite(one))) return "badly";
  if (value.length < fewestPoints) return "unclear";
  const sign = direction === "lower" ? 1 : -1;
  const medians = runningMedians(value).map((median) => sign * median);
  const start = medians[0] ?? 0;
  const end = medians.at(-1) ?? 0;
  const best = Math.min(...medians);
  return end - best <= Math.max(0.1 * (start - best), noiseOf(value)) ? "well" : "badly";
}

/** At up to 2,000 places, the first and the last window among them. */
function runningMedians(value: Float64Array): readonly number[] {
  const half = Math.max(2, Math.min(25, Math.floor(value.length / 40)));
  const places = value.length - 2 * half;
  const stride = Math.max(1, Math.ceil(places / atMostPlaces));
  const medians: number[] = [];
  for (let at = half; at < value.length - half; at += stride) {
    medians.push(medianOf(value.slice(at - half, at + half + 1)));
  }
  medians.push(medianOf(value.slice(-(2 * half + 1))));
  return medians;
}

/** 1.4826 · median|d − median d| / √2 of the differences d. */
function noiseOf(value: Float64Array): number {
  const stride = Math.max(1, Math.ceil(value.length / 10_000));
  const differences: number[] = [];
  for (let i = 1; i < value.length; i += stride) differences.push((value[i] ?? 0) - (value[i - 1] ?? 0));
  const middle = medianOf(Float64Array.from(differences));
  return (1.4826 * medianOf(Float64Array.from(differences, (d) => Math.abs(d - middle)))) / Math.SQRT2;
}

/** Sorts what it is given. */
function medianOf(values: Float64Array): number {
  values.sort();
  const half = values.length >> 1;
  const upper = values[half] ?? 0;
  return values.length % 2 === 1 ? upper : ((values[half - 1] ?? 0) + upper) / 2;
}

import type { SeriesPast } from "./recent-points.js";

const differences = 64;
const fewestDifferences = 8;
const scratch = new Float64Array(differences + 1);

/**
 * Noise of a series before its newest `skip` points: 1.4826 · median|d − med d| / √2 over the last 64 first
 * differences d, at least 0.001 · |median level| and 1e-12; undefined with fewer than 8 differences.
 */
export function noiseBefore(past: SeriesPast, skip: number): number | undefined {
  const count = Math.min(differences, past.length - skip - 1);
  if (count < fewestDifferences) return undefined;
  for (let i = 0; i < count; i += 1) scratch[i] = past.value(skip + i) - past.value(skip + i + 1);
  const middle = medianOf(count);
  for (let i = 0; i < count; i += 1) scratch[i] = Math.abs((scratch[i] ?? 0) - middle);
  const spread = (1.4826 * medianOf(count)) / Math.SQRT2;
  for (let i = 0; i < count; i += 1) scratch[i] = past.value(skip + i);
  return Math.max(spread, 1e-3 * Math.abs(medianOf(count)), 1e-12);
}

/** Median of the first `count` entries of the scratch, which it sorts. */
function medianOf(count: number): number {
  const sorted = scratch.subarray(0, count).sort();
  const half = count >> 1;
  const upper = sorted[half] ?? 0;
  return count % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
}

import type { SeriesPast } from "./recent-points.js";

const differences = 64;
const fewestDifferences = 8;

/** How many differences are looked at, and how few are enough. */
export interface NoiseWindow {
  readonly most: number;
  readonly fewest: number;
}
const usual: NoiseWindow = { most: differences, fewest: fewestDifferences };
const scratch = new Float64Array(differences + 1);

/**
 * Noise of a series before its newest `skip` points: 1.4826 · median|d − med d| / √2 over the last 64 first
 * differences d (or as many as the window says), at least 0.001 · |median level| and 1e-12; undefined with too few.
 */
export function noiseBefore(
  past: Pick<SeriesPast, "length" | "value">,
  skip: number,
  window = usual,
): number | undefined {
  const count = Math.min(window.most, differences, past.length - skip - 1);
  if (count < window.fewest) return undefined;
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

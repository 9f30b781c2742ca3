import { medianDistanceInPlace, medianInPlace } from "./median.js";
import { persistenceOf, type Values } from "./persistence.js";

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
 * Noise of a series before its newest `skip` points: 1.4826 · median|d − med d| / √(2 · (1 − persistence)) over the last 64
 * first differences d (or as many as the window says), at least 0.001 · |median level| and 1e-12; undefined with too few.
 */
export function noiseBefore(past: Values, skip: number, window = usual): number | undefined {
  const count = Math.min(window.most, differences, past.length - skip - 1);
  if (count < window.fewest) return undefined;
  let largest = 0;
  let value = past.value(skip);
  for (let i = 0; i < count; i += 1) {
    const size = Math.abs(value);
    if (size > largest) largest = size;
    const before = past.value(skip + i + 1);
    scratch[i] = value - before;
    value = before;
  }
  const middle = medianInPlace(scratch, count);
  const move = 1.4826 * medianDistanceInPlace(scratch, count, middle);
  const spread = move / Math.sqrt(2 * (1 - persistenceOf(past, { skip, count, middle, move })));
  if (spread >= 1e-3 * largest) return Math.max(spread, 1e-12);
  for (let i = 0; i < count; i += 1) scratch[i] = past.value(skip + i);
  return Math.max(spread, 1e-3 * Math.abs(medianInPlace(scratch, count)), 1e-12);
}

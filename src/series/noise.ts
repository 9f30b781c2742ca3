import { medianInPlace } from "./median.js";
import type { SeriesPast } from "./recent-points.js";

const differences = 64;
const fewestDifferences = 8;
/** With fewer differences their correlation is itself mostly noise. */
const fewestForPersistence = 32;
const mostPersistent = 0.95;
/** A difference enters the correlation with at most so many of their spreads. */
const tamedAt = 4;

/** How many differences are looked at, and how few are enough. */
export interface NoiseWindow {
  readonly most: number;
  readonly fewest: number;
}
const usual: NoiseWindow = { most: differences, fewest: fewestDifferences };
const scratch = new Float64Array(differences + 1);

type Values = Pick<SeriesPast, "length" | "value">;

/**
 * Noise of a series before its newest `skip` points: 1.4826 · median|d − med d| / √(2 · (1 − persistence)) over the last 64
 * first differences d (or as many as the window says), at least 0.001 · |median level| and 1e-12; undefined with too few.
 */
export function noiseBefore(past: Values, skip: number, window = usual): number | undefined {
  const count = Math.min(window.most, differences, past.length - skip - 1);
  if (count < window.fewest) return undefined;
  let largest = 0;
  for (let i = 0; i < count; i += 1) {
    const value = past.value(skip + i);
    largest = Math.max(largest, Math.abs(value));
    scratch[i] = value - past.value(skip + i + 1);
  }
  const middle = medianInPlace(scratch, count);
  for (let i = 0; i < count; i += 1) scratch[i] = Math.abs((scratch[i] ?? 0) - middle);
  const move = 1.4826 * medianInPlace(scratch, count);
  const spread = move / Math.sqrt(2 * (1 - persistenceOf(past, { skip, count, middle, move })));
  if (spread >= 1e-3 * largest) return Math.max(spread, 1e-12);
  for (let i = 0; i < count; i += 1) scratch[i] = past.value(skip + i);
  return Math.max(spread, 1e-3 * Math.abs(medianInPlace(scratch, count)), 1e-12);
}

/** Differences from the newest but `skip` on, their middle and their spread. */
interface Moves {
  readonly skip: number;
  readonly count: number;
  readonly middle: number;
  readonly move: number;
}

/**
 * How much of a value's distance from the curve the next one inherits: 0 where points are independent (then neighbouring differences
 * correlate by −½), towards 1 where the curve is a running mean, as many trainers log. Of a process of first order, 1 + 2 · that
 * correlation; its differences are √(1 − persistence) times as large as those of independent points of the same spread.
 */
export function persistenceOf(past: Values, { skip, count, middle, move }: Moves): number {
  if (count < fewestForPersistence || !(move > 0)) return 0;
  const most = tamedAt * move;
  let [before, squares, products] = [0, 0, 0];
  for (let i = 0; i < count; i += 1) {
    const off = past.value(skip + i) - past.value(skip + i + 1) - middle;
    const tamed = off > most ? most : off < -most ? -most : off;
    squares += tamed * tamed;
    products += tamed * before;
    before = tamed;
  }
  const persistence = 1 + (2 * products) / squares;
  return persistence > 0 ? Math.min(persistence, mostPersistent) : 0;
}

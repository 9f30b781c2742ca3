/** With fewer differences their correlation is itself mostly noise. */
const fewestForPersistence = 32;
const mostPersistent = 0.95;
/** A difference enters the correlation with at most so many of their spreads. */
const tamedAt = 4;

/** The newest values of a series; 0 is the newest. */
export interface Values {
  readonly length: number;
  value(back: number): number;
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
  let newer = past.value(skip);
  for (let i = 0; i < count; i += 1) {
    const older = past.value(skip + i + 1);
    const off = newer - older - middle;
    newer = older;
    const tamed = off > most ? most : off < -most ? -most : off;
    squares += tamed * tamed;
    products += tamed * before;
    before = tamed;
  }
  const persistence = 1 + (2 * products) / squares;
  return persistence > 0 ? Math.min(persistence, mostPersistent) : 0;
}

/** Differences from the newest but `skip` on, their middle and their spread. */
interface Moves {
  readonly skip: number;
  readonly count: number;
  readonly middle: number;
  readonly move: number;
}

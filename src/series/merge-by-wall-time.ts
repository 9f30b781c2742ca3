/** What is merged: columns of points in the order read, of which the first `length` count. */
export interface TimedColumns {
  readonly length: number;
  readonly wallTime: Float64Array;
}

/** A stretch of one source, `from` inclusive to `to` exclusive. */
export type TakeStretch = (source: number, stretch: { readonly from: number; readonly to: number }) => void;

/**
 * Merges sources by wall time, the oldest next point first and of equals the first source; each source keeps its own
 * order, even where its clock went back. Told in stretches, so that a source alone costs nothing a point.
 */
export function mergeByWallTime(sources: readonly TimedColumns[], take: TakeStretch): void {
  mergeInParts(sources, take)(Infinity);
}

/** The same merge in parts: each call tells the next so many points, and returns whether there may be more. */
export function mergeInParts(
  sources: readonly TimedColumns[],
  take: TakeStretch,
): (atMost: number) => boolean {
  const next = new Int32Array(sources.length);
  return (atMost) => {
    for (let told = 0; told < atMost;) {
      const { first, until } = soonest(sources, next);
      const source = sources[first];
      if (source === undefined) return false;
      const from = next[first] ?? 0;
      const end = Math.min(source.length, from + atMost - told);
      let to = from + 1;
      while (to < end && (source.wallTime[to] ?? Infinity) < until) to += 1;
      next[first] = to;
      told += to - from;
      take(first, { from, to });
    }
    return true;
  };
}

/** The source whose next point is the oldest (−1: all are told), and the wall time at which another one is due. */
function soonest(sources: readonly TimedColumns[], next: Int32Array): { first: number; until: number } {
  let first = -1;
  let oldest = Infinity;
  let until = Infinity;
  for (const [index, { length, wallTime }] of sources.entries()) {
    const at = next[index] ?? 0;
    if (at >= length) continue;
    const due = wallTime[at] ?? Infinity;
    if (first < 0 || due < oldest) {
      if (first >= 0) until = Math.min(until, oldest);
      first = index;
      oldest = due;
    } else until = Math.min(until, due);
  }
  return { first, until };
}

/** Remembers ids for a time, bounded: says of an id whether it came before. */
export interface Recent {
  /** True the first time within the memory's span. */
  first(id: string, now: number): boolean;
}

/** Duplicates come through overlapping lines and late repeats; `spanMs` is well above both. */
export function createRecent(spanMs = 15 * 60_000, atMost = 10_000): Recent {
  const seen = new Map<string, number>();
  return {
    first(id, now) {
      for (const [old, at] of seen) {
        if (now - at <= spanMs && seen.size <= atMost) break;
        seen.delete(old);
      }
      if (seen.has(id)) return false;
      seen.set(id, now);
      return true;
    },
  };
}

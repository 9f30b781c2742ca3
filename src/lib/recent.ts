/** Remembers ids for a time, bounded: says of an id whether it came before. */
export interface Recent {
  /** True the first time within the memory's span. */
  first(id: string, now: number): boolean;
}

/** Platforms say things again for some five minutes, or over two lines at once: `spanMs` is well above that. */
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

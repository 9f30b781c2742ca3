/** Spaces sendings evenly after a short burst (the generic cell rate algorithm); times in milliseconds. */
export interface Pace {
  /** Takes a turn now, or answers how long to wait and takes none. */
  turn(now: number): { readonly kind: "go" } | { readonly kind: "full"; readonly afterMs: number };
  /** Nothing goes until then. */
  hold(until: number): void;
}

export function createPace({ burst, everyMs }: { readonly burst: number; readonly everyMs: number }): Pace {
  let full = 0;
  let held = 0;
  return {
    turn(now) {
      const afterMs = Math.max(full - (burst - 1) * everyMs - now, held - now);
      if (afterMs > 0) return { kind: "full", afterMs };
      full = Math.max(full, now) + everyMs;
      return { kind: "go" };
    },
    hold(until) {
      held = Math.max(held, until);
    },
  };
}

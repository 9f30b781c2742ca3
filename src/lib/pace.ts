/** How long to hold a call back, and what to remember of it; times in milliseconds. */
export interface Pace {
  /** Takes a turn for this key and answers the wait before it, or, where that would be longer than `patience`, takes none. */
  turn(
    key: string,
    now: number,
  ): { readonly kind: "go"; readonly waitMs: number } | { readonly kind: "full"; readonly afterMs: number };
  /** Nothing goes for this key until then: a platform's Retry-After. */
  hold(key: string, until: number): void;
}

export interface PaceLimits {
  /** Turns that go at once after a quiet time. */
  readonly burst: number;
  readonly everyMs: number;
  readonly patienceMs: number;
}

/** Spaces calls of one key evenly after a short burst (the generic cell rate algorithm); keys do not disturb each other. At most 1,000 keys are remembered. */
export function createPace({ burst, everyMs, patienceMs }: PaceLimits): Pace {
  /** Per key: the time at which its bucket is full again, and until when it is held. */
  const lanes = new Map<string, { full: number; held: number }>();
  return {
    turn(key, now) {
      const lane = lanes.get(key) ?? { full: 0, held: 0 };
      const spaced = Math.max(lane.full, now) - (burst - 1) * everyMs;
      const waitMs = Math.max(0, spaced - now, lane.held - now);
      if (waitMs > patienceMs) return { kind: "full", afterMs: waitMs };
      remember(lanes, key, { full: Math.max(lane.full, now) + everyMs, held: lane.held });
      return { kind: "go", waitMs };
    },
    hold(key, until) {
      const lane = lanes.get(key);
      remember(lanes, key, { full: lane?.full ?? 0, held: Math.max(lane?.held ?? 0, until) });
    },
  };
}

function remember<Value>(lanes: Map<string, Value>, key: string, value: Value): void {
  lanes.delete(key);
  lanes.set(key, value);
  const oldest = lanes.size > 1_000 ? lanes.keys().next().value : undefined;
  if (oldest !== undefined) lanes.delete(oldest);
}

import type { Clock } from "../../src/lib/clock.js";
import type { Timers } from "../../src/lib/timers.js";

/** A clock with its timers that stands still until it is moved. */
export interface ManualTimers extends Timers, Clock {
  /** How long until each waiting timer, shortest first; milliseconds. */
  readonly waits: readonly number[];
  /** Moves on, and runs on the way what falls due, in order. */
  advance(ms: number): void;
}

export function createManualTimers(start = 1_790_000_000_000): ManualTimers {
  let now = start;
  const waiting = new Set<{ due: number; readonly every: number | undefined; readonly run: () => void }>();
  const add = (ms: number, every: number | undefined, run: () => void) => {
    const timer = { due: now + ms, every, run };
    waiting.add(timer);
    return { cancel: () => void waiting.delete(timer) };
  };
  const next = () => [...waiting].sort((one, other) => one.due - other.due)[0];
  return {
    now: () => now,
    after: (ms, run) => add(ms, undefined, run),
    every: (ms, run) => add(ms, ms, run),
    get waits() {
      return [...waiting].map(({ due }) => due - now).sort((one, other) => one - other);
    },
    advance(ms) {
      const end = now + ms;
      for (let timer = next(); timer !== undefined && timer.due <= end; timer = next()) {
        now = timer.due;
        if (timer.every === undefined) waiting.delete(timer);
        else timer.due += timer.every;
        timer.run();
      }
      now = end;
    },
  };
}

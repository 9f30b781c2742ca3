/** Something that happens later, unless it is called off. */
export interface Timer {
  cancel(): void;
}

/** The one way to let time pass; tests move it by hand. Milliseconds. */
export interface Timers {
  after(ms: number, run: () => void): Timer;
  every(ms: number, run: () => void): Timer;
}

export const systemTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return { cancel: () => clearTimeout(timer) };
  },
  every(ms, run) {
    const timer = setInterval(run, ms);
    return { cancel: () => clearInterval(timer) };
  },
};

/** Resolves when that long has passed, or at once when the signal says so; never rejects. */
export function pause(timers: Timers, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = timers.after(ms, end);
    signal.addEventListener("abort", end, { once: true });
  });
}

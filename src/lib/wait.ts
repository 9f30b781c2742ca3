import { systemTimers, type Timers } from "./timers.js";

/** Waits, or less long where the signal says stop; never rejects. */
export function wait(ms: number, signal?: AbortSignal, timers: Timers = systemTimers): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel();
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = timers.after(ms, end);
    signal?.addEventListener("abort", end, { once: true });
  });
}

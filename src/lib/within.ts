import type { Timers } from "./timers.js";
import { wait } from "./wait.js";

/** Waits for something at most this long (ms); what comes later is left to itself. */
export async function within(work: Promise<unknown>, ms: number): Promise<"done" | "late"> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), ms);
  });
  try {
    return await Promise.race([work.then(() => "done" as const), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for a promise to settle either way, at most `ms`; true where it did. */
export async function settledWithin(work: Promise<unknown>, ms: number, timers?: Timers): Promise<boolean> {
  const over = new AbortController();
  const settled = work.then(
    () => true,
    () => true,
  );
  const first = await Promise.race([settled, wait(ms, over.signal, timers).then(() => false)]);
  over.abort();
  return first;
}

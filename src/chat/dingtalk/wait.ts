/** Waits, or less long where the signal says stop; never rejects. */
export function wait(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end, { once: true });
  });
}

/** Waits for a promise to settle either way, at most `ms`; true where it did. */
export async function settledWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  const over = new AbortController();
  const settled = work.then(
    () => true,
    () => true,
  );
  const first = await Promise.race([settled, wait(ms, over.signal).then(() => false)]);
  over.abort();
  return first;
}

/** Tells how many milliseconds have passed since it was started, by a clock that nobody sets. */
export function stopwatch(): () => number {
  const started = performance.now();
  return () => performance.now() - started;
}

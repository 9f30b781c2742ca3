const stopping = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** npm passes a Ctrl-C on that the terminal delivered already; within this time (ms) the two are one. */
const echoMs = 500;

/** Aborted by the first Ctrl-C, SIGTERM or hang-up; a second one, a moment later, ends the process at once. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let first = 0;
  for (const name of stopping) {
    process.on(name, () => {
      if (controller.signal.aborted) {
        if (performance.now() - first > echoMs) process.exit(130);
        return;
      }
      first = performance.now();
      if (process.stderr.isTTY) process.stderr.write("\nstopping; Ctrl-C again ends at once\n");
      controller.abort();
    });
  }
  return controller.signal;
}

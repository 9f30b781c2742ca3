const stopping = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Aborted by the first Ctrl-C, SIGTERM or hang-up; a second one ends the process at once. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of stopping) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      if (process.stderr.isTTY) process.stderr.write("\nstopping; Ctrl-C again ends at once\n");
      controller.abort();
    });
  }
  return controller.signal;
}

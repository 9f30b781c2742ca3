import { openLogDirectory } from "../log-directory.js";
import { serveThread } from "../threads.js";
import { type AskedRun, type GateTask, judgeFound } from "./judge-run.js";

/** A thread is ended from outside. */
const { signal } = new AbortController();

await serveThread((task: GateTask) => {
  const { source } = openLogDirectory(task.root);
  return (run: AskedRun) => judgeFound(source, task, { run, signal });
});

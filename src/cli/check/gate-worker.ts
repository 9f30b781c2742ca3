import { openLogDirectory } from "../log-directory.js";
import { serveThread } from "../threads.js";
import { type AskedRun, type GateTask, judgeFound } from "./judge-run.js";

/** A thread is ended from outside. */
const { signal } = new AbortController();

await serveThread((task: GateTask) => {
  const opened = openLogDirectory(task.root);
  if (opened.kind === "problem") throw new Error(opened.problem);
  return (run: AskedRun) => judgeFound(opened.source, task, { run, signal });
});

import { openLogDirectory } from "../log-directory.js";
import { serveThread } from "../threads.js";
import { replayTask, type ReplayTask } from "./replay-task.js";
import type { FoundRun } from "./runs-on-disk.js";

await serveThread((task: ReplayTask) => {
  const opened = openLogDirectory(task.root);
  if (opened.kind === "problem") throw new Error(opened.problem);
  return (run: FoundRun) => replayTask(opened.source, task, run);
});

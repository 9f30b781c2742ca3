import { openLogDirectory } from "../log-directory.js";
import { serveThread } from "../threads.js";
import { replayTask, type ReplayTask } from "./replay-task.js";
import type { FoundRun } from "./runs-on-disk.js";

await serveThread((task: ReplayTask) => {
  const { source } = openLogDirectory(task.root);
  return (run: FoundRun) => replayTask(source, task, run);
});

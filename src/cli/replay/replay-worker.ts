import { parentPort, workerData } from "node:worker_threads";
import { openLogDirectory } from "../log-directory.js";
import { taken, type WorkerNews, type WorkerTask } from "./replay-all.js";
import { replayTask } from "./replay-task.js";

// Started by replayAll in this same process: what comes is what it sent.
const { task, runs, order, next } = workerData as WorkerTask;
const opened = openLogDirectory(task.root);
if (opened.kind === "opened") {
  for (const index of taken(order, next)) {
    const run = runs[index];
    if (run === undefined) continue;
    const news: WorkerNews = { index, outcome: await replayTask(opened.source, task, run) };
    parentPort?.postMessage(news);
  }
} else throw new Error(opened.problem);

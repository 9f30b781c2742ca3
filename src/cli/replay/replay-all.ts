import type { LogSource } from "../../eventlog/log-source.js";
import { overThreads } from "../threads.js";
import { replayTask, type ReplayTask, type RunOutcome } from "./replay-task.js";
import type { FoundRun } from "./runs-on-disk.js";

export interface ReplayAll {
  readonly source: LogSource;
  readonly task: ReplayTask;
  readonly runs: readonly FoundRun[];
  /** Threads, this one among them; by default one a core, and one alone where that is quicker than starting more. */
  readonly jobs?: number | undefined;
  readonly onDone: () => void;
}

/** Replays all runs on several threads; the outcomes stand in the order of `runs` whatever the number of threads. */
export function replayAll({ source, ...work }: ReplayAll): Promise<readonly RunOutcome[]> {
  return overThreads({
    ...work,
    module: new URL("replay-worker.js", import.meta.url),
    here: (run) => replayTask(source, work.task, run),
  });
}

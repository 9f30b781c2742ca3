import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { LogSource } from "../../eventlog/log-source.js";
import { replayTask, type ReplayTask, type RunOutcome } from "./replay-task.js";
import type { FoundRun } from "./runs-on-disk.js";

/** What a worker thread is started with. `next[0]` is the first place in `order` that nobody took yet. */
export interface WorkerTask {
  readonly task: ReplayTask;
  readonly runs: readonly FoundRun[];
  readonly order: readonly number[];
  readonly next: Int32Array<SharedArrayBuffer>;
}

/** What a worker says after each run. */
export interface WorkerNews {
  readonly index: number;
  readonly outcome: RunOutcome;
}

export interface ReplayAll {
  readonly source: LogSource;
  readonly task: ReplayTask;
  readonly runs: readonly FoundRun[];
  /** Threads, this one among them; by default one a core, and one alone where that is quicker than starting more. */
  readonly jobs?: number | undefined;
  readonly onDone: () => void;
}

/** Below this a thread costs more to start than it saves. */
const bytesWorthThread = 12 * 1024 * 1024;
export const mostJobs = 64;

/** Replays all runs on several threads, the largest first; the outcomes stand in the order of `runs` whatever the number of threads. */
export async function replayAll(all: ReplayAll): Promise<readonly RunOutcome[]> {
  const { source, task, runs, onDone } = all;
  const order = runs.map((_, index) => index).sort((a, b) => bytesOf(runs, b) - bytesOf(runs, a) || a - b);
  const next = new Int32Array(new SharedArrayBuffer(4));
  const outcomes = new Array<RunOutcome | undefined>(runs.length);
  const take = ({ index, outcome }: WorkerNews): void => {
    outcomes[index] = outcome;
    onDone();
  };
  const workers = Array.from({ length: threadsFor(all) - 1 }, () =>
    workerDone({ task, runs, order, next }, take),
  );
  try {
    for (const index of taken(order, next)) {
      const run = runs[index];
      if (run !== undefined) take({ index, outcome: await replayTask(source, task, run) });
    }
    await Promise.all(workers.map(({ done }) => done));
  } finally {
    for (const { stop } of workers) stop();
  }
  return outcomes.flatMap((outcome) => (outcome === undefined ? [] : [outcome]));
}

/** Places in `order` that are this thread's, taken one by one. */
export function* taken(order: readonly number[], next: Int32Array): Generator<number> {
  for (;;) {
    const index = order[Atomics.add(next, 0, 1)];
    if (index === undefined) return;
    yield index;
  }
}

function threadsFor({ jobs, runs }: ReplayAll): number {
  const bytes = runs.reduce((sum, run) => sum + run.bytes, 0);
  const wanted = jobs ?? Math.min(availableParallelism(), Math.ceil(bytes / bytesWorthThread));
  return Math.max(1, Math.min(wanted, runs.length, mostJobs));
}

/** From dist/ a worker is JavaScript; from sources (tests, development) TypeScript, which a thread of Node 20 loads only by itself. */
function startWorker(workerTask: WorkerTask): Worker {
  if (!import.meta.url.endsWith(".ts")) {
    return new Worker(new URL("replay-worker.js", import.meta.url), { workerData: workerTask });
  }
  const [tsx, entry] = [
    import.meta.resolve("tsx/esm/api"),
    new URL("replay-worker.ts", import.meta.url).href,
  ].map((url) => JSON.stringify(url));
  return new Worker(`import(${tsx}).then((tsx) => { tsx.register(); return import(${entry}); })`, {
    eval: true,
    workerData: workerTask,
  });
}

function workerDone(
  workerTask: WorkerTask,
  take: (news: WorkerNews) => void,
): { readonly done: Promise<void>; readonly stop: () => void } {
  const worker = startWorker(workerTask);
  const done = new Promise<void>((resolve, reject) => {
    worker.on("message", take);
    worker.on("error", reject);
    worker.on("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`a replay thread ended with ${code}`));
    });
  });
  // Said when it is awaited; until then it is not unhandled.
  done.catch(() => undefined);
  return { done, stop: () => void worker.terminate() };
}

function bytesOf(runs: readonly FoundRun[], index: number): number {
  return runs[index]?.bytes ?? 0;
}

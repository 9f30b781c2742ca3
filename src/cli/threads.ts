import { availableParallelism } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { startWorker } from "../lib/start-worker.js";

/** Work on many runs, each for itself; tasks and outcomes survive the way to a thread and back. */
export interface ThreadWork<Task, Run extends Weighed, Outcome> {
  readonly task: Task;
  readonly runs: readonly Run[];
  /** The module that a thread runs, which calls `serveThread`; as it is named beside the caller once compiled. */
  readonly module: URL;
  /** The same work on this thread. */
  readonly here: (run: Run) => Promise<Outcome>;
  /** Threads, this one among them; by default one a core, and one alone where that is quicker than starting more. */
  readonly jobs?: number | undefined;
  readonly onDone: () => void;
  /** Ends every thread; what it was aborted with is thrown. */
  readonly signal?: AbortSignal;
}

export interface Weighed {
  readonly bytes: number;
}

/** What a thread is started with. `next[0]` is the first place in `order` that nobody took yet. */
interface Share<Task, Run> {
  readonly task: Task;
  readonly runs: readonly Run[];
  readonly order: readonly number[];
  readonly next: Int32Array<SharedArrayBuffer>;
}

/** What a thread says after each run. */
interface News<Outcome> {
  readonly index: number;
  readonly outcome: Outcome;
}

/** Below this a thread costs more to start than it saves. */
const bytesWorthThread = 12 * 1024 * 1024;
export const mostJobs = 64;

/** Works on all runs on several threads, the largest first; the outcomes stand in the order of `runs` whatever the number of threads. */
export async function overThreads<Task, Run extends Weighed, Outcome>(
  work: ThreadWork<Task, Run, Outcome>,
): Promise<readonly Outcome[]> {
  const { task, runs, here, onDone, signal } = work;
  const order = runs.map((_, index) => index).sort((a, b) => bytesOf(runs, b) - bytesOf(runs, a) || a - b);
  const next = new Int32Array(new SharedArrayBuffer(4));
  const outcomes = new Map<number, Outcome>();
  const take = ({ index, outcome }: News<Outcome>): void => {
    outcomes.set(index, outcome);
    onDone();
  };
  const share: Share<Task, Run> = { task, runs, order, next };
  const workers = Array.from({ length: threadsFor(work) - 1 }, () => startThread(work.module, share, take));
  const stop = (): void => workers.forEach((worker) => worker.stop());
  signal?.addEventListener("abort", stop);
  try {
    for (const index of taken(order, next)) {
      signal?.throwIfAborted();
      const run = runs[index];
      if (run !== undefined) take({ index, outcome: await here(run) });
    }
    await Promise.all(workers.map(({ done }) => done));
  } catch (cause) {
    signal?.throwIfAborted();
    throw cause;
  } finally {
    signal?.removeEventListener("abort", stop);
    stop();
  }
  return runs.flatMap((_, index) => {
    const outcome = outcomes.get(index);
    return outcome === undefined ? [] : [outcome];
  });
}

/** The other end of `overThreads`, in the thread: `prepare` makes of the task what is done with each run. */
export async function serveThread<Task, Run, Outcome>(
  prepare: (task: Task) => (run: Run) => Promise<Outcome>,
): Promise<void> {
  // Started by overThreads in this same process: what comes is what it sent.
  const { task, runs, order, next } = workerData as Share<Task, Run>;
  const work = prepare(task);
  for (const index of taken(order, next)) {
    const run = runs[index];
    if (run === undefined) continue;
    const news: News<Outcome> = { index, outcome: await work(run) };
    parentPort?.postMessage(news);
  }
}

/** Places in `order` that are this thread's, taken one by one. */
function* taken(order: readonly number[], next: Int32Array): Generator<number> {
  for (;;) {
    const index = order[Atomics.add(next, 0, 1)];
    if (index === undefined) return;
    yield index;
  }
}

function threadsFor({ jobs, runs }: Pick<ThreadWork<unknown, Weighed, unknown>, "jobs" | "runs">): number {
  const bytes = runs.reduce((sum, run) => sum + run.bytes, 0);
  const wanted = jobs ?? Math.min(availableParallelism(), Math.ceil(bytes / bytesWorthThread));
  return Math.max(1, Math.min(wanted, runs.length, mostJobs));
}

interface Thread {
  readonly done: Promise<void>;
  readonly stop: () => void;
}

function startThread<Outcome>(
  module: URL,
  share: Share<unknown, unknown>,
  take: (news: News<Outcome>) => void,
): Thread {
  const worker = startWorker(module, { workerData: share });
  const done = new Promise<void>((resolve, reject) => {
    worker.on("message", take);
    worker.on("error", reject);
    worker.on("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`a thread ended with ${code}`));
    });
  });
  // Said when it is awaited; until then it is not unhandled.
  done.catch(() => undefined);
  return { done, stop: () => void worker.terminate() };
}

function bytesOf(runs: readonly Weighed[], index: number): number {
  return runs[index]?.bytes ?? 0;
}

import { Worker, type ConnectionOptions, type Job } from "bullmq";
import type { Log } from "../lib/log.js";
import { within } from "../lib/within.js";
import { queueNames, queuePrefix, type QueueName } from "./queues.js";

/** What each queue does with a job's data; parsed by the step itself. */
export type Steps = Readonly<Record<QueueName, (data: unknown) => Promise<void>>>;

/** Jobs at a time: enough to keep disks and platforms busy, few enough that commands are answered meanwhile. */
const concurrency: Readonly<Record<QueueName, number>> = {
  scan: 4,
  ingest: 4,
  "remote-scan": 8,
  "remote-ingest": 8,
  relay: 4,
  deliver: 16,
  chart: 2,
  tick: 1,
  digest: 1,
};

export interface RunningWorkers {
  /** Lets running jobs end, at most this long. */
  stop(atMostMs: number): Promise<void>;
}

/** Starts a worker for each of these queues; one of the three places that catch what is thrown. */
export function startWorkers(
  connection: ConnectionOptions,
  steps: Steps,
  { log, queues = queueNames }: { readonly log: Log; readonly queues?: readonly QueueName[] },
): RunningWorkers {
  const failing = new Map<string, string>();
  const workers = queues.map((name) => {
    const worker = new Worker(name, (job: Job<unknown>) => steps[name](job.data), {
      connection,
      prefix: queuePrefix,
      skipVersionCheck: true,
      concurrency: concurrency[name],
      lockDuration: 15_000,
      // Each is a question to Redis a queue, most of what an idle process does: jobs wake a worker by themselves, and a
      // job of a dead process can wait: a process that has its Redis to itself makes them anew when it starts.
      stalledInterval: 30_000,
      drainDelay: 30,
      maxStalledCount: 1_000,
    });
    worker.on("failed", (job, error) => {
      if (failing.get(name) !== error.message)
        log.error({ queue: name, job: job?.id, err: error }, "job_failed");
      failing.set(name, error.message);
    });
    worker.on("completed", () => failing.delete(name));
    // Redis being away is told by the connection that the stores use.
    worker.on("error", () => undefined);
    return worker;
  });
  return {
    stop: async (atMostMs) => {
      if ((await within(Promise.all(workers.map((worker) => worker.close())), atMostMs)) === "done") return;
      // With Redis gone even a forced close waits for it: the process ends all the same.
      await within(Promise.all(workers.map((worker) => worker.close(true))), 1_000);
    },
  };
}

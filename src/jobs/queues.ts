import { Queue, type ConnectionOptions } from "bullmq";
import { isRemoteAddress } from "../lib/remote-address.js";
import { shortHash } from "../lib/short-hash.js";
import type { DestinationId } from "../message/destination.js";
import type { RunId, WatchId } from "../series/run.js";
import type { Watch } from "../series/watch.js";
import type { Wakes } from "./wakes.js";

/** All keys of BullMQ under one hash tag, so that a Cluster keeps them together. */
export const queuePrefix = "{tb}";

/** Places that answer over a network have queues, and so slots, of their own: a bucket that hangs delays no directory. */
export const queueNames = [
  "scan",
  "ingest",
  "remote-scan",
  "remote-ingest",
  "relay",
  "deliver",
  "chart",
  "tick",
  "digest",
] as const;
export type QueueName = (typeof queueNames)[number];

export type Queues = Readonly<Record<QueueName, Queue>>;

/** Opens the queues. Finished jobs leave at once and failed ones after an hour: Redis holds live state, no archive. */
export function openQueues(connection: ConnectionOptions): Queues {
  const open = (name: QueueName): Queue =>
    new Queue(name, {
      connection,
      prefix: queuePrefix,
      skipVersionCheck: true,
      defaultJobOptions: {
        removeOnComplete: true,
        removeOnFail: { age: 3_600, count: 1_000 },
        attempts: 10,
        backoff: { type: "exponential", delay: 500, jitter: 0.5 },
      },
    });
  return {
    scan: open("scan"),
    ingest: open("ingest"),
    "remote-scan": open("remote-scan"),
    "remote-ingest": open("remote-ingest"),
    relay: open("relay"),
    deliver: open("deliver"),
    chart: open("chart"),
    tick: open("tick"),
    digest: open("digest"),
  };
}

/**
 * Wakes as jobs. A wake for something that is being worked on is kept and run after it (keepLastIfActive), so bytes and
 * entries that come meanwhile are not left waiting; one that already waits swallows it.
 */
export function queueWakes(queues: Queues, isRemote: (run: RunId) => Promise<boolean>): Wakes {
  return {
    ingest: async (run: RunId) => {
      const queue = (await isRemote(run)) ? queues["remote-ingest"] : queues.ingest;
      await queue.add("ingest", { run }, { deduplication: { id: run, keepLastIfActive: true } });
    },
    relay: async (run: RunId) => {
      await queues.relay.add("relay", { run }, { deduplication: { id: run, keepLastIfActive: true } });
    },
    deliver: (lane, delayMs) => wakeLane(queues.deliver, lane, delayMs),
    chart: (lane, delayMs) => wakeLane(queues.chart, lane, delayMs),
  };
}

/** A delayed wake has a name of its own: it must not swallow one that is due now. */
async function wakeLane(queue: Queue, lane: DestinationId, delayMs: number): Promise<void> {
  const id = shortHash(lane);
  const deduplication = delayMs > 0 ? { id: `${id}-later` } : { id, keepLastIfActive: true };
  await queue.add(queue.name, { lane }, { delay: delayMs, deduplication });
}

/** One scheduler a watch: the whole tree in one job, never a job a run. */
export async function scheduleScan(queues: Queues, { id, root }: Watch, everyMs: number): Promise<void> {
  await queues[isRemoteAddress(root) ? "remote-scan" : "scan"].upsertJobScheduler(
    `scan.${id}`,
    { every: everyMs },
    { name: "scan", data: { watch: id, everyMs }, opts: { attempts: 1 } },
  );
}

export async function unscheduleScan(queues: Queues, watch: WatchId): Promise<void> {
  for (const queue of [queues.scan, queues["remote-scan"]]) await queue.removeJobScheduler(`scan.${watch}`);
}

export async function scheduleTick(queues: Queues, everyMs: number): Promise<void> {
  await queues.tick.upsertJobScheduler(
    "tick",
    { every: everyMs },
    { name: "tick", data: {}, opts: { attempts: 1 } },
  );
}

/**
 * Whether the tick and so many watches are scheduled, and a job waits or works for each of them: a scheduler makes its
 * next job when the last begins, so one that lost its job would never have another.
 */
export async function areScheduled(queues: Queues, watches: number): Promise<boolean> {
  const found = await Promise.all(
    [queues.scan, queues["remote-scan"], queues.tick].map(async (queue) => {
      const schedulers = await queue.getJobSchedulersCount();
      return {
        schedulers,
        jobs: await queue.getJobCountByTypes("delayed", "waiting", "active", "prioritized"),
      };
    }),
  );
  const schedulers = found.reduce((sum, queue) => sum + queue.schedulers, 0);
  return schedulers > watches && found.every((queue) => queue.jobs >= queue.schedulers);
}

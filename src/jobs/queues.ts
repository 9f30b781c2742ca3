import { Queue, type ConnectionOptions } from "bullmq";
import { shortHash } from "../lib/short-hash.js";
import type { DestinationId } from "../message/destination.js";
import type { RunId, WatchId } from "../series/run.js";
import type { Wakes } from "./wakes.js";

/** All keys of BullMQ under one hash tag, so that a Cluster keeps them together. */
export const queuePrefix = "{tb}";

export const queueNames = ["scan", "ingest", "relay", "deliver", "chart", "tick", "digest"] as const;
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
export function queueWakes(queues: Queues): Wakes {
  return {
    ingest: async (run: RunId) => {
      await queues.ingest.add("ingest", { run }, { deduplication: { id: run, keepLastIfActive: true } });
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
export async function scheduleScan(queues: Queues, watch: WatchId, everyMs: number): Promise<void> {
  await queues.scan.upsertJobScheduler(
    `scan.${watch}`,
    { every: everyMs },
    { name: "scan", data: { watch }, opts: { attempts: 1 } },
  );
}

export async function unscheduleScan(queues: Queues, watch: WatchId): Promise<void> {
  await queues.scan.removeJobScheduler(`scan.${watch}`);
}

export async function scheduleTick(queues: Queues, everyMs: number): Promise<void> {
  await queues.tick.upsertJobScheduler(
    "tick",
    { every: everyMs },
    { name: "tick", data: {}, opts: { attempts: 1 } },
  );
}

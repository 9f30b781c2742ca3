import type { Queue } from "bullmq";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { areScheduled, openQueues, type Queues, scheduleScan, scheduleTick } from "../../src/jobs/queues.js";
import { watchIdOf } from "../../src/series/run.js";
import type { Watch } from "../../src/series/watch.js";
import { startTestRedis, type TestRedis } from "../support/test-redis.js";

let redis: TestRedis;
let queues: Queues;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  await redis.clear();
  queues = openQueues({ ...(redis.address as { options: { path: string } }).options });
  await schedule();
});
afterEach(async () => {
  await Promise.all(Object.values(queues).map((queue: Queue) => queue.close()));
});

const watchOf = (root: string): Watch => ({
  id: watchIdOf(root),
  root,
  origin: "config",
  at: 0,
  phase: "live",
});
const roots = ["/logs", "s3://bucket/logs"];
async function schedule(): Promise<void> {
  for (const root of roots) await scheduleScan(queues, watchOf(root), 3_600_000);
  await scheduleTick(queues, 3_600_000);
}

it("stand when each watch and the tick have a scheduler and a job that is to come", async () => {
  expect(await areScheduled(queues, roots.length)).toBe(true);
  expect(await areScheduled(queues, roots.length + 1)).toBe(false);
});

it.each(["scan", "remote-scan", "tick"] as const)(
  "do not stand where the job that is to come was taken from %s, and do again once scheduled",
  async (name) => {
    const jobs = await queues[name].getJobs(["delayed", "waiting"]);
    expect(jobs).toHaveLength(1);
    // A scheduler guards its job against everybody who asks; who deletes keys asks nobody.
    const client = redis.client;
    for (const list of ["delayed", "wait"]) await client.del(`{tb}:${name}:${list}`);
    expect(await areScheduled(queues, roots.length)).toBe(false);
    await schedule();
    expect(await areScheduled(queues, roots.length)).toBe(true);
  },
);

it("do not stand where a scheduler is gone", async () => {
  await queues.tick.removeJobScheduler("tick");
  expect(await areScheduled(queues, roots.length)).toBe(false);
});

import type { Queue } from "bullmq";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { openQueues, queuePrefix, type Queues } from "../../src/jobs/queues.js";
import { dayIn, digestJob, housekeepingJob, scheduleDigests } from "../../src/jobs/schedule-digests.js";
import { startTestRedis, type TestRedis } from "../support/test-redis.js";

let redis: TestRedis;
let queues: Queues[];
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  await redis.clear();
  const connection = (redis.address as { options: { path: string } }).options;
  queues = [openQueues({ ...connection }), openQueues({ ...connection })];
});
afterEach(async () => {
  await Promise.all(queues.flatMap((one) => Object.values(one)).map((queue: Queue) => queue.close()));
});

const plan = { destination: "slack:C1", at: "09:00", timeZone: "Asia/Shanghai" };
const morning = Date.UTC(2026, 10, 24, 1, 0);

async function waiting(): Promise<readonly string[]> {
  const keys = await redis.client.keys(`${queuePrefix}:digest:*`);
  return keys
    .filter((key) => /:(digest|housekeeping)\//.test(key))
    .map((key) => key.slice(`${queuePrefix}:digest:`.length))
    .sort();
}

it("is one job a destination and day, however many processes add it", async () => {
  for (const { digest } of queues) {
    const job = digestJob(plan, morning);
    await digest.add(job.name, job.data, job.options);
    const again = digestJob(plan, morning + 3_600_000);
    await digest.add(again.name, again.data, again.options);
  }
  expect(await waiting()).toEqual(["digest/slack/C1/2026-11-24"]);
  const [first] = queues;
  const next = digestJob(plan, morning + 86_400_000);
  await first?.digest.add(next.name, next.data, next.options);
  expect(await first?.digest.getWaitingCount()).toBe(2);
});

it("keeps house once an hour, however many processes add it", async () => {
  for (const { digest } of queues) {
    for (const now of [morning, morning + 59 * 60_000, morning + 60 * 60_000]) {
      const job = housekeepingJob(now);
      await digest.add(job.name, job.data, job.options);
    }
  }
  expect(await waiting()).toHaveLength(2);
});

it.each([
  ["Asia/Shanghai", Date.UTC(2026, 10, 23, 17), "2026-11-24"],
  ["America/Los_Angeles", Date.UTC(2026, 10, 24, 6), "2026-11-23"],
  ["UTC", Date.UTC(2026, 10, 24, 23, 59), "2026-11-24"],
])("names the day as people in %s do", (timeZone, now, day) => {
  expect(dayIn(timeZone, now)).toBe(day);
  expect(digestJob({ ...plan, timeZone }, now).data).toEqual({ destination: "slack:C1", day });
});

it.each(["9", "24:00", "09:60", "0 9 * * *", ""])("refuses %j as a time of day", (at) => {
  const [one] = queues;
  if (one === undefined) throw new Error("no queues");
  expect(() => scheduleDigests(one, [{ ...plan, at }], () => morning)).toThrow(/HH:MM/);
});

it("comes when it is its time in the destination's own zone, and house is kept at seventeen past", async () => {
  const [one] = queues;
  if (one === undefined) throw new Error("no queues");
  const added = async (job: string): Promise<readonly string[]> => {
    for (let attempt = 0; attempt < 1_000 && !(await waiting()).includes(job); attempt += 1);
    return waiting();
  };
  vi.useFakeTimers({ now: morning - 90_000, toFake: ["setTimeout", "clearTimeout", "Date"] });
  const digests = scheduleDigests(one, [plan], Date.now);
  try {
    await vi.advanceTimersByTimeAsync(85_000);
    await one.digest.getWaitingCount();
    expect(await waiting()).toEqual([]);
    await vi.advanceTimersByTimeAsync(10_000);
    const digest = "digest/slack/C1/2026-11-24";
    expect(await added(digest)).toEqual([digest]);
    await vi.advanceTimersByTimeAsync(17 * 60_000);
    const { jobId } = housekeepingJob(morning).options;
    expect(await added(jobId)).toEqual([digest, jobId]);
    digests.stop();
    await vi.advanceTimersByTimeAsync(2 * 86_400_000);
    await one.digest.getWaitingCount();
    expect(await waiting()).toEqual([digest, jobId]);
  } finally {
    digests.stop();
    vi.useRealTimers();
  }
});

it("comes at nine in the morning of each destination, on the day when the clocks change too", async () => {
  const [one] = queues;
  if (one === undefined) throw new Error("no queues");
  // Clocks in New York go back on 1 November 2026: nine is 13:00 UTC the day before and 14:00 from then on.
  const plans = [plan, { ...plan, destination: "slack:C2", timeZone: "America/New_York" }];
  const count = async (): Promise<number> => {
    // A command of the same connection comes after those that the tasks gave it.
    await one.digest.getWaitingCount();
    return (await waiting()).filter((job) => job.startsWith("digest/")).length;
  };
  const settled = async (jobs: number): Promise<number> => {
    for (let attempt = 0; attempt < 1_000 && (await count()) < jobs; attempt += 1);
    return count();
  };
  vi.useFakeTimers({ now: Date.UTC(2026, 9, 31, 0, 59), toFake: ["setTimeout", "clearTimeout", "Date"] });
  const digests = scheduleDigests(one, plans, Date.now);
  const arriving: (readonly [string, number])[] = [];
  try {
    for (const [minutes, jobs] of [
      [2, 1],
      [718, 1],
      [2, 2],
      [718, 2],
      [2, 3],
      [778, 3],
      [2, 4],
    ] as const) {
      await vi.advanceTimersByTimeAsync(minutes * 60_000);
      arriving.push([new Date().toISOString().slice(5, 16), await settled(jobs)]);
    }
  } finally {
    digests.stop();
    vi.useRealTimers();
  }
  expect(arriving).toEqual([
    ["10-31T01:01", 1],
    ["10-31T12:59", 1],
    ["10-31T13:01", 2],
    ["11-01T00:59", 2],
    ["11-01T01:01", 3],
    ["11-01T13:59", 3],
    ["11-01T14:01", 4],
  ]);
});

import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createRedisRunStore } from "../../src/redis/run-store.js";
import { MemoryLaneStore } from "../support/memory-lane-store.js";
import { MemoryWatchRegistry } from "../support/memory-watch-registry.js";
import { startTestRedis, type TestRedis } from "../support/test-redis.js";
import { rigLane, WatchRig } from "../support/watch-rig.js";

let redis: TestRedis;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.stop());

/** A loss that rises, breaks and recovers, and an accuracy that falls: enough for several rules to begin and end. */
const length = 80;
const lossAt = (step: number): number =>
  step === 50 ? Number.NaN : step > 20 && step < 34 ? 1 + (step - 20) * 0.2 : 1 - step * 0.005;
const accuracyAt = (step: number): number => (step > 55 && step < 70 ? 0.9 - (step - 55) * 0.05 : 0.9);

type Between = "nothing" | "rest" | "restart" | "rest and restart";

/** What all lanes were given to say, in order, when the run is read in these slices with this in between. */
async function story(slices: readonly { readonly points: number; readonly then: Between }[]) {
  await redis.clear();
  const runs = createRedisRunStore(redis.client);
  const lanes = new MemoryLaneStore();
  const rig = new WatchRig({ stores: { runs, lanes, registry: new MemoryWatchRegistry() } });
  const said: string[] = [];
  try {
    const writer = rig.writer("run");
    // A watch whose root has an id of its own would give every rig other episode ids.
    const plain = (text: string): string => text.replaceAll(rig.watch.id, "w");
    let bot = await rig.start();
    let step = 0;
    for (const { points, then } of [...slices, { points: length, then: "nothing" as const }]) {
      for (const end = Math.min(length, step + points); step < end; step += 1) {
        writer.add("train/loss", step, lossAt(step), 1_790_000_000 + step);
        writer.add("val/accuracy", step, accuracyAt(step), 1_790_000_000 + step);
      }
      writer.flush();
      await bot.look();
      await bot.settle();
      for (let head = await lanes.head(rigLane); head !== undefined; head = await lanes.head(rigLane))
        await lanes.conclude(rigLane, { entryId: head.entry.id }, rig.now);
      if (then.startsWith("rest ") || then === "rest") expect(await runs.rest(rig.idOf("run"))).toBe("rests");
      if (then.endsWith("restart")) bot = await rig.start();
      // Long enough for every file to be looked at again.
      rig.now += 16_000;
    }
    writer.close();
    const stored = await runs.load(rig.idOf("run"));
    const closed = await runs.closedEpisodes(rig.idOf("run"), 100);
    for (const { rule, opened, resolved } of [...closed].reverse())
      said.push(`${rule} ${opened.step}-${resolved?.step}`);
    return {
      said,
      open: stored?.open.map(({ id }) => plain(id)),
      points: stored?.facts.points,
      series: [...(stored?.series ?? [])].sort(),
      memory: [...(stored?.memory ?? [])]
        .map(([key, bytes]) => [key, Buffer.from(bytes).toString("hex")])
        .sort(),
    };
  } finally {
    rig.dispose();
  }
}

it("judges a run alike, wherever it rested between two slices and whatever process went on with it", async () => {
  const wanted = await story([]);
  expect(wanted.said.length).toBeGreaterThan(2);
  const between = fc.constantFrom<Between>("nothing", "rest", "restart", "rest and restart");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ points: fc.integer({ min: 1, max: 30 }), then: between }), { maxLength: 8 }),
      async (slices) => {
        expect(await story(slices)).toEqual(wanted);
      },
    ),
    { numRuns: 12 },
  );
});

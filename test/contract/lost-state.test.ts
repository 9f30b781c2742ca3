import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { sayLostState } from "../../src/app/lost-state.js";
import { registerWatches } from "../../src/app/register-watches.js";
import { createRedisLaneStore } from "../../src/redis/lane-store.js";
import { createRedisWatchRegistry } from "../../src/redis/watch-registry.js";
import { startTestRedis, type TestRedis } from "../support/test-redis.js";
import type { Said } from "../support/watch-rig.js";

let redis: TestRedis;
let home: string;
let logged: Said[];
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  await redis.clear();
  home = join(mkdtempSync(join(tmpdir(), "tb-home-")), "not", "there");
  logged = [];
});
afterEach(() => {
  rmSync(join(home, "..", ".."), { recursive: true });
});

async function start(from = home): Promise<void> {
  const registry = createRedisWatchRegistry(redis.client);
  const keep = (facts: object, event: string): void => {
    logged.push({ facts, event });
  };
  await sayLostState({
    redis: redis.client,
    registry,
    lanes: createRedisLaneStore(redis.client),
    routing: { routes: [{ to: ["rec:a"] }, { to: ["rec:a", "rec:b"] }], owners: [] },
    clock: { now: () => 1_000 },
    log: { debug: keep, info: keep, warn: keep, error: keep },
    home: from,
  });
  await registerWatches(registry, [{ root: "/logs" }], 1_000);
}

const waiting = async (lane: string): Promise<string | undefined> =>
  (await createRedisLaneStore(redis.client).head(lane))?.entry.body.kind;

it("says nothing at the first start, nor at any later one that finds its state", async () => {
  await start();
  await start();
  expect(logged).toEqual([]);
  expect(await waiting("rec:a")).toBeUndefined();
});

it("says once at every destination that the state is gone, and begins anew", async () => {
  await start();
  await redis.clear();
  await start();
  await start();
  expect(logged.map(({ event }) => event)).toEqual(["redis_state_lost"]);
  expect([await waiting("rec:a"), await waiting("rec:b")]).toEqual(["operator", "operator"]);
  expect(await createRedisLaneStore(redis.client).length("rec:a")).toBe(1);
  expect((await createRedisWatchRegistry(redis.client).list())[0]?.phase).toBe("new");
});

it("says nothing where another process with a home of its own joins", async () => {
  await start();
  await start(join(home, "second"));
  expect(logged).toEqual([]);
});

it("says nothing of a Redis that has state of its own, though this home has met another one", async () => {
  await start();
  await redis.clear();
  await start(join(home, "second"));
  await start();
  expect(logged).toEqual([]);
});

import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { guardState } from "../../../src/app/state-guard.js";
import { silentLog } from "../../../src/lib/log.js";
import { createManualTimers } from "../../support/manual-timers.js";

async function guarded() {
  const timers = createManualTimers();
  const redis = { identity: "a" as string | null, isScheduled: true, fails: false };
  const did: string[] = [];
  const guard = await guardState({
    timers,
    log: silentLog,
    identity: () => Promise.resolve(redis.identity),
    isScheduled: () => Promise.resolve(redis.isScheduled),
    schedule: () => {
      did.push("schedule");
      redis.isScheduled = true;
      return Promise.resolve();
    },
    beginAnew: () => {
      did.push("begin anew");
      if (redis.fails) return Promise.reject(new Error("Redis is gone"));
      redis.identity ??= "b";
      redis.isScheduled = true;
      return Promise.resolve();
    },
  });
  const pass = async (seconds: number): Promise<readonly string[]> => {
    for (let second = 0; second < seconds; second += 1) {
      timers.advance(1_000);
      await setImmediate();
    }
    return did.splice(0);
  };
  return { redis, guard, pass };
}

it("leaves alone a Redis that holds what it held", async () => {
  const { pass } = await guarded();
  expect(await pass(60)).toEqual([]);
});

it("begins anew once where Redis was emptied, be it marked by another process since or not", async () => {
  const { redis, pass } = await guarded();
  for (const identity of [null, "c"]) {
    redis.identity = identity;
    redis.isScheduled = false;
    expect(await pass(60)).toEqual(["begin anew"]);
  }
});

it("sets up again what wakes the polling where only that is gone", async () => {
  const { redis, pass } = await guarded();
  redis.isScheduled = false;
  expect(await pass(60)).toEqual(["schedule"]);
});

it("tries again where beginning anew failed, until it is called off", async () => {
  const { redis, guard, pass } = await guarded();
  redis.identity = null;
  redis.fails = true;
  expect(await pass(20)).toEqual(["begin anew", "begin anew"]);
  redis.fails = false;
  expect(await pass(60)).toEqual(["begin anew"]);
  redis.identity = null;
  guard.cancel();
  expect(await pass(60)).toEqual([]);
});

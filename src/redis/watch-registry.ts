import type { LogRuns, WatchRegistry } from "../alerts/watch-registry.js";
import { fromJson, toJson } from "../lib/json.js";
import type { RunId } from "../series/run.js";
import type { Membership, Watch } from "../series/watch.js";
import type { RedisConnection } from "./connection.js";
import { keys } from "./keys.js";

/** The watch registry on Redis. */
export function createRedisWatchRegistry(redis: RedisConnection): WatchRegistry {
  return {
    list: async () =>
      Object.values(await redis.hgetall(keys.watches))
        .map((text) => fromJson<Watch>(text))
        .sort((a, b) => (a.root < b.root ? -1 : 1)),
    put: async (watch) => {
      await redis.hset(keys.watches, watch.id, toJson(watch));
    },
    remove: async (id) => {
      await redis.hdel(keys.watches, id);
      await redis.del(keys.runs(id), keys.grouping(id), keys.priming(id), keys.logRuns(id));
    },
    runs: async (id) =>
      new Map(Object.entries(await redis.hgetall(keys.runs(id))).map(([run, name]) => [run as RunId, name])),
    addRun: async (id, run, name) => {
      await redis.hset(keys.runs(id), run, name);
    },
    removeRun: async (id, run) => {
      await redis.srem(keys.priming(id), run);
      await redis.hdel(keys.logRuns(id), run);
      await redis.hdel(keys.runs(id), run);
    },
    setLogRuns: async (id, run, logRuns) => {
      await redis.hset(keys.logRuns(id), run, toJson(logRuns));
    },
    found: async (id, run) => {
      const [name, logRuns] = await Promise.all([
        redis.hget(keys.runs(id), run),
        redis.hget(keys.logRuns(id), run),
      ]);
      return name === null || logRuns === null ? undefined : { name, logRuns: fromJson<LogRuns>(logRuns) };
    },
    grouping: async (id) =>
      new Map(
        Object.entries(await redis.hgetall(keys.grouping(id))).map(([name, text]) => [
          name,
          fromJson<Membership>(text),
        ]),
      ),
    group: async (id, memberships) => {
      if (memberships.size === 0) return;
      await redis.hset(
        keys.grouping(id),
        new Map([...memberships].map(([name, membership]) => [name, toJson(membership)])),
      );
    },
    ungroup: async (id, logRuns) => {
      if (logRuns.length > 0) await redis.hdel(keys.grouping(id), ...logRuns);
    },
    prime: async (watch, runs) => {
      // The set first: a crash between the two leaves a watch that is primed again, never one that forgets to be quiet.
      if (runs.length > 0) await redis.sadd(keys.priming(watch.id), ...runs);
      await redis.hset(keys.watches, watch.id, toJson({ ...watch, phase: "priming" }));
    },
    primed: async (id, run) => {
      await redis.srem(keys.priming(id), run);
      return redis.scard(keys.priming(id));
    },
    isPriming: async (id, run) => (await redis.sismember(keys.priming(id), run)) === 1,
    priming: async (id) => (await redis.smembers(keys.priming(id))) as RunId[],
    setDeadline: async (run, due) => {
      if (due === undefined) await redis.zrem(keys.deadlines, run);
      else await redis.zadd(keys.deadlines, due, run);
    },
    due: async (now, atMost) =>
      (await redis.zrangebyscore(keys.deadlines, "-inf", now, "LIMIT", 0, atMost)) as RunId[],
  };
}

import { afterAll } from "vitest";
import { createRedisMuteStore } from "../../src/redis/mute-store.js";
import { createRedisOverrideStore } from "../../src/redis/override-store.js";
import type { RedisConnection } from "../../src/redis/connection.js";
import { startTestRedis } from "../support/test-redis.js";
import { muteStoreContract } from "./mute-store.js";
import type { OpenedStore } from "./opened-store.js";
import { overrideStoreContract } from "./override-store.js";

const started = startTestRedis();
afterAll(async () => (await started).stop());

function onRedis<Store>(create: (redis: RedisConnection) => Store): () => Promise<OpenedStore<Store>> {
  return async () => {
    const redis = await started;
    return { store: create(redis.client), close: () => redis.clear() };
  };
}

overrideStoreContract("Redis", onRedis(createRedisOverrideStore));
muteStoreContract("Redis", onRedis(createRedisMuteStore));

import { createRedisLaneStore } from "../../src/redis/lane-store.js";
import { createRedisRunStore } from "../../src/redis/run-store.js";
import { createRedisWatchRegistry } from "../../src/redis/watch-registry.js";
import type { RedisConnection } from "../../src/redis/connection.js";
import { startTestRedis } from "../support/test-redis.js";
import { laneStoreContract } from "./lane-store.js";
import { runStoreContract, type StoreFixture } from "./run-store.js";
import { watchRegistryContract } from "./watch-registry.js";

function onRedis<Store>(create: (redis: RedisConnection) => Store): () => Promise<StoreFixture<Store>> {
  return async () => {
    const redis = await startTestRedis();
    return { store: create(redis.client), clear: () => redis.clear(), stop: () => redis.stop() };
  };
}

runStoreContract("Redis", onRedis(createRedisRunStore));
laneStoreContract("Redis", onRedis(createRedisLaneStore));
watchRegistryContract("Redis", onRedis(createRedisWatchRegistry));

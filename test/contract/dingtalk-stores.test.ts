import { afterAll } from "vitest";
import { createRecentMarks } from "../../src/chat/dingtalk/mark-store.js";
import { createMemoryQuotaStore } from "../../src/chat/dingtalk/quota-store.js";
import { createRedisMarkStore } from "../../src/redis/mark-store.js";
import { createRedisQuotaStore } from "../../src/redis/quota-store.js";
import { startTestRedis } from "../support/test-redis.js";
import { describeDingTalkStores } from "./dingtalk-stores.js";

const started = startTestRedis();
afterAll(async () => (await started).stop());

describeDingTalkStores("memory", () =>
  Promise.resolve({ marks: createRecentMarks(), quota: createMemoryQuotaStore() }),
);
describeDingTalkStores("Redis", async () => {
  const redis = await started;
  await redis.clear();
  return { marks: createRedisMarkStore(redis.client), quota: createRedisQuotaStore(redis.client) };
});

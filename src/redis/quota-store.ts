import { z } from "zod";

import type { RedisConnection } from "./connection.js";
import { keys } from "./keys.js";

/** Monthly counters on Redis: one hash a month, kept for three months. Shaped for whoever counts a vendor's quota. */
export function createRedisQuotaStore(redis: RedisConnection) {
  const touched = async (month: string): Promise<void> => {
    await redis.expire(keys.quota(month), keepSeconds);
  };
  return {
    async add(month: string, kind: string, count: number): Promise<void> {
      await redis.hincrby(keys.quota(month), kind, count);
      await touched(month);
    },
    async read(month: string): Promise<{ readonly api: number; readonly webhookStream: number }> {
      return counters.parse(await redis.hgetall(keys.quota(month)));
    },
    async once(month: string, mark: string): Promise<boolean> {
      const first = (await redis.hsetnx(keys.quota(month), `said:${mark}`, "1")) === 1;
      await touched(month);
      return first;
    },
  };
}

const keepSeconds = 95 * 86_400;

const counters = z.object({
  api: z.coerce.number().default(0),
  webhookStream: z.coerce.number().default(0),
});

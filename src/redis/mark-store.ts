import type { RedisConnection } from "./connection.js";
import { keys } from "./keys.js";

/** What quoted messages are known by, on Redis: one string a mark, kept for 60 days after it was last put. */
export function createRedisMarkStore(redis: RedisConnection) {
  return {
    async put(place: string, mark: string, root: string): Promise<void> {
      await redis.set(keys.mark(place, mark), root, "EX", keepSeconds);
    },
    async get(place: string, mark: string): Promise<string | undefined> {
      return (await redis.get(keys.mark(place, mark))) ?? undefined;
    },
  };
}

const keepSeconds = 60 * 86_400;

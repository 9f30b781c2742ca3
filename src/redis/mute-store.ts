import type { Mute } from "../alerts/mute.js";
import type { MuteStore } from "../commands/context.js";
import { fromJson, toJson } from "../lib/json.js";
import type { RedisConnection } from "./connection.js";
import { keys } from "./keys.js";

/** Mutes on Redis; expired ones are left to housekeeping, `isMuted` knows the time. */
export function createRedisMuteStore(redis: RedisConnection): MuteStore {
  return {
    list: async () =>
      Object.values(await redis.hgetall(keys.mutes))
        .map((text) => fromJson<Mute>(text))
        .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)),
    put: async (mute) => {
      await redis.hset(keys.mutes, mute.id, toJson(mute));
    },
    remove: async (id) => {
      const text = await redis.hget(keys.mutes, id);
      if (text === null) return undefined;
      await redis.hdel(keys.mutes, id);
      return fromJson<Mute>(text);
    },
  };
}

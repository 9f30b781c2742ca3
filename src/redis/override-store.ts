import type { OverrideStore } from "../commands/context.js";
import { fromJson, toJson } from "../lib/json.js";
import type { SettingsOverride } from "../rules/override.js";
import type { RedisConnection } from "./connection.js";
import { keys } from "./keys.js";

/** Settings made in chat, on Redis; a counter tells every process that something changed. */
export function createRedisOverrideStore(
  redis: RedisConnection,
): OverrideStore & { version(): Promise<number> } {
  const list = async (): Promise<readonly SettingsOverride[]> =>
    Object.values(await redis.hgetall(keys.overrides))
      .map((text) => fromJson<SettingsOverride>(text))
      .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  return {
    list,
    put: async (override) => {
      const before = (await list()).find((other) => samePlace(other, override));
      if (before !== undefined) await redis.hdel(keys.overrides, before.id);
      await redis.hset(keys.overrides, override.id, toJson(override));
      await redis.incr(keys.settingsVersion);
      return before;
    },
    remove: async (id) => {
      const text = await redis.hget(keys.overrides, id);
      if (text === null) return undefined;
      await redis.hdel(keys.overrides, id);
      await redis.incr(keys.settingsVersion);
      return fromJson<SettingsOverride>(text);
    },
    version: async () => Number((await redis.get(keys.settingsVersion)) ?? "0"),
  };
}

function samePlace(a: SettingsOverride, b: SettingsOverride): boolean {
  const place = (override: SettingsOverride): string =>
    toJson([override.scope, override.rule, [...(override.tags ?? [])].sort(), override.split ?? null]);
  return place(a) === place(b);
}

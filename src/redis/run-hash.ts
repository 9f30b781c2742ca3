import type { RunId, SeriesKey } from "../series/run.js";
import type { RedisConnection } from "./connection.js";
import { keys } from "./keys.js";
import { restingField, unpackFields } from "./resting-fields.js";

/** What the fields of a run's hash begin with, by what they hold. */
export const fieldOf = {
  cursor: (logRun: string) => `c:${logRun}`,
  series: (key: SeriesKey) => `s:${key}`,
  memory: (key: SeriesKey) => `m:${key}`,
  episode: (id: string) => `e:${id}`,
} as const;

/** All fields of a run, those that rest in the packed one included; what was written since it rests goes before it. */
export async function readRunHash(redis: RedisConnection, id: RunId): Promise<Map<string, Buffer>> {
  const flat = (await redis.callBuffer("HGETALL", keys.run(id))) as Buffer[];
  const fields = new Map<string, Buffer>();
  for (let i = 0; i + 1 < flat.length; i += 2)
    fields.set(flat[i]?.toString("utf8") ?? "", flat[i + 1] ?? Buffer.alloc(0));
  const packed = fields.get(restingField);
  if (packed === undefined) return fields;
  fields.delete(restingField);
  return new Map([...(await unpackFields(packed)), ...fields]);
}

/** The series whose points Redis may hold: those of a resting run are in its files only, until it goes on. */
export async function seriesWithPoints(redis: RedisConnection, id: RunId): Promise<readonly SeriesKey[]> {
  const fields = await redis.hkeys(keys.run(id));
  return fields.filter((field) => field.startsWith("s:")).map((field) => field.slice(2) as SeriesKey);
}

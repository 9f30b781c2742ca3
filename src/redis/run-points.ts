import { unpackPoints } from "../series/packed-points.js";
import type { PointColumns } from "../series/point.js";
import type { RunId, SeriesKey } from "../series/run.js";
import type { RedisConnection } from "./connection.js";
import { keys } from "./keys.js";
import { seriesWithPoints } from "./run-hash.js";
import { runScript } from "./scripts.js";

/** Architecture, section 8: 2,000 newest points of an active series and a 10:1 level of 2,000 below. */
export const pointBounds = { bytesAPoint: 24, newest: 2_000, coarse: 2_000 } as const;

export async function readPoints(redis: RedisConnection, id: RunId, key: SeriesKey): Promise<PointColumns> {
  const [coarse, newest] = await Promise.all([
    redis.getBuffer(keys.coarse(id, key)),
    redis.getBuffer(keys.points(id, key)),
  ]);
  return unpackPoints(Buffer.concat([coarse ?? Buffer.alloc(0), newest ?? Buffer.alloc(0)]));
}

export async function pointBytes(redis: RedisConnection, id: RunId): Promise<number> {
  const sizes = (await seriesWithPoints(redis, id)).flatMap((key) =>
    pointKeys(id, key).map((chunk) => redis.strlen(chunk)),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

export async function trimPoints(redis: RedisConnection, id: RunId, newest: number): Promise<void> {
  const chunks = (await seriesWithPoints(redis, id)).flatMap((key) => pointKeys(id, key));
  if (chunks.length === 0) return;
  await runScript(redis, "trim-points", { keys: chunks, args: [newest * pointBounds.bytesAPoint] });
}

export function pointKeys(id: RunId, key: SeriesKey): readonly string[] {
  return [keys.points(id, key), keys.coarse(id, key)];
}

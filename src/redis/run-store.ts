import type { Episode } from "../alerts/episode.js";
import type { OutboxEntry } from "../alerts/outbox-entry.js";
import type { RunFacts, SeriesFacts } from "../alerts/run-facts.js";
import type { RunCommit, RunStore, StoredRun } from "../alerts/run-store.js";
import type { LogRunCursor } from "../eventlog/cursor.js";
import { fromJson, toJson } from "../lib/json.js";
import { unpackPoints } from "../series/packed-points.js";
import type { PointColumns } from "../series/point.js";
import type { Run, RunId, SeriesKey } from "../series/run.js";
import type { RedisConnection } from "./connection.js";
import { keys } from "./keys.js";
import { runScript } from "./scripts.js";

/** Architecture, section 8: 2,000 newest points of an active series and a 10:1 level of 2,000 below; 200 closed episodes. */
const bounds = { bytesAPoint: 24, newest: 2_000, coarse: 2_000, closedEpisodes: 200 } as const;

/** The run store on Redis: one hash a run, one script a commit. */
export function createRedisRunStore(redis: RedisConnection): RunStore {
  return {
    load: (id) => load(redis, id),
    head: (id) => head(redis, id),
    commit: (commit) => commitRun(redis, commit),
    points: (id, key) => readPoints(redis, id, key),
    pointBytes: (id) => pointBytes(redis, id),
    trimPoints: (id, newest) => trimPoints(redis, id, newest),
    outboxLength: (id) => redis.llen(keys.outbox(id)),
    outbox: async (id) =>
      (await redis.lrange(keys.outbox(id), 0, -1)).map((text) => fromJson<OutboxEntry>(text)),
    relayed: (id, entries) => dropRelayed(redis, id, entries),
    closedEpisodes: async (id, atMost) =>
      (await redis.lrange(keys.closed(id), 0, Math.max(0, atMost - 1))).map((text) =>
        fromJson<Episode>(text),
      ),
    forget: (id) => forget(redis, id),
  };
}

async function load(redis: RedisConnection, id: RunId): Promise<StoredRun | undefined> {
  const flat = (await redis.callBuffer("HGETALL", keys.run(id))) as Buffer[];
  if (flat.length === 0) return undefined;
  const cursors = new Map<string, LogRunCursor>();
  const series = new Map<SeriesKey, SeriesFacts>();
  const memory = new Map<SeriesKey, Uint8Array>();
  const open: Episode[] = [];
  const plain = new Map<string, Buffer>();
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const field = flat[i]?.toString("utf8") ?? "";
    const value = flat[i + 1] ?? Buffer.alloc(0);
    const name = field.slice(2);
    if (field.startsWith("c:")) cursors.set(name, fromJson<LogRunCursor>(value.toString("utf8")));
    else if (field.startsWith("s:"))
      series.set(name as SeriesKey, fromJson<SeriesFacts>(value.toString("utf8")));
    else if (field.startsWith("m:")) memory.set(name as SeriesKey, value);
    else if (field.startsWith("e:")) open.push(fromJson<Episode>(value.toString("utf8")));
    else plain.set(field, value);
  }
  return {
    revision: Number(plain.get("rev")?.toString("utf8") ?? "0"),
    run: fromJson<Run>(plain.get("run")?.toString("utf8") ?? "{}"),
    facts: fromJson<RunFacts>(plain.get("facts")?.toString("utf8") ?? "{}"),
    cursors,
    series,
    memory,
    runMemory: plain.get("judge") ?? Buffer.alloc(0),
    open: open.sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

async function commitRun(redis: RedisConnection, commit: RunCommit): Promise<"committed" | "stale"> {
  const fields: (string | Buffer)[] = [
    "run",
    toJson(commit.run),
    "facts",
    toJson(commit.facts),
    "judge",
    asBuffer(commit.runMemory),
  ];
  for (const [logRun, cursor] of commit.cursors) fields.push(`c:${logRun}`, toJson(cursor));
  for (const [key, facts] of commit.series) fields.push(`s:${key}`, toJson(facts));
  for (const [key, memory] of commit.memory) fields.push(`m:${key}`, asBuffer(memory));
  for (const episode of commit.opened) fields.push(`e:${episode.id}`, toJson(episode));
  const args: (string | number | Buffer)[] = [commit.expected, fields.length / 2, ...fields];
  args.push(commit.closed.length, ...commit.closed.map((episode) => `e:${episode.id}`));
  args.push(commit.entries.length, ...commit.entries.map(toJson));
  args.push(commit.closed.length, ...commit.closed.map(toJson), bounds.closedEpisodes);
  args.push(bounds.bytesAPoint, bounds.newest, bounds.coarse);
  const scriptKeys = [keys.run(commit.id), keys.outbox(commit.id), keys.closed(commit.id)];
  for (const points of commit.points) {
    scriptKeys.push(keys.points(commit.id, points.key), keys.coarse(commit.id, points.key));
    args.push(points.replace ? "1" : "0", asBuffer(points.packed));
  }
  const answer = await runScript(redis, "commit-run", { keys: scriptKeys, args });
  return answer === 1 ? "committed" : "stale";
}

async function readPoints(redis: RedisConnection, id: RunId, key: SeriesKey): Promise<PointColumns> {
  const [coarse, newest] = await Promise.all([
    redis.getBuffer(keys.coarse(id, key)),
    redis.getBuffer(keys.points(id, key)),
  ]);
  return unpackPoints(Buffer.concat([coarse ?? Buffer.alloc(0), newest ?? Buffer.alloc(0)]));
}

/** Removes exactly what was relayed: entries committed meanwhile stay. */
async function dropRelayed(
  redis: RedisConnection,
  id: RunId,
  entries: readonly OutboxEntry[],
): Promise<void> {
  for (const entry of entries) await redis.lrem(keys.outbox(id), 1, toJson(entry));
}

async function head(redis: RedisConnection, id: RunId): Promise<{ run: Run; facts: RunFacts } | undefined> {
  const [run, facts] = await redis.hmget(keys.run(id), "run", "facts");
  if (typeof run !== "string" || typeof facts !== "string") return undefined;
  return { run: fromJson<Run>(run), facts: fromJson<RunFacts>(facts) };
}

async function seriesOf(redis: RedisConnection, id: RunId): Promise<readonly SeriesKey[]> {
  const fields = await redis.hkeys(keys.run(id));
  return fields.filter((field) => field.startsWith("s:")).map((field) => field.slice(2) as SeriesKey);
}

async function pointBytes(redis: RedisConnection, id: RunId): Promise<number> {
  const sizes = (await seriesOf(redis, id)).flatMap((key) => [
    redis.strlen(keys.points(id, key)),
    redis.strlen(keys.coarse(id, key)),
  ]);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function trimPoints(redis: RedisConnection, id: RunId, newest: number): Promise<void> {
  const keep = newest * bounds.bytesAPoint;
  for (const key of await seriesOf(redis, id)) {
    await redis.del(keys.coarse(id, key));
    if (keep === 0) await redis.del(keys.points(id, key));
    else if ((await redis.strlen(keys.points(id, key))) > keep) {
      // Only idle runs are trimmed, so nothing is appended between the two calls but by a run that just woke: it keeps what it has.
      const kept = await redis.getrangeBuffer(keys.points(id, key), -keep, -1);
      await redis.set(keys.points(id, key), kept);
    }
  }
}

async function forget(redis: RedisConnection, id: RunId): Promise<void> {
  const stored = await load(redis, id);
  const gone = [keys.run(id), keys.outbox(id), keys.closed(id)];
  for (const key of stored?.series.keys() ?? []) gone.push(keys.points(id, key), keys.coarse(id, key));
  await redis.del(...gone);
  await redis.zrem(keys.deadlines, id);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

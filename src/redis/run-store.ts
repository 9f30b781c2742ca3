import type { Episode } from "../alerts/episode.js";
import type { OutboxEntry } from "../alerts/outbox-entry.js";
import type { RunFacts, SeriesFacts } from "../alerts/run-facts.js";
import type { RunCommit, RunStore, StoredRun } from "../alerts/run-store.js";
import type { LogRunCursor } from "../eventlog/cursor.js";
import { fromJson, toJson } from "../lib/json.js";
import { type Run, type RunId, runIdOf, type SeriesKey } from "../series/run.js";
import type { RedisConnection } from "./connection.js";
import { keys } from "./keys.js";
import { packFields, restingField } from "./resting-fields.js";
import { fieldOf, readRunHash, seriesWithPoints } from "./run-hash.js";
import { pointBounds, pointBytes, pointKeys, readPoints, trimPoints } from "./run-points.js";
import { runScript } from "./scripts.js";

/** Closed episodes of a run. */
const closedKept = 200;

/** The run store on Redis: one hash a run, one script a commit. */
export function createRedisRunStore(redis: RedisConnection): RunStore {
  return {
    load: (id) => load(redis, id),
    head: (id) => head(redis, id),
    cursors: (id) => cursors(redis, id),
    series: (id, wanted) => seriesFacts(redis, id, wanted),
    commit: (commit) => commitRun(redis, commit),
    points: (id, key) => readPoints(redis, id, key),
    pointBytes: (id) => pointBytes(redis, id),
    trimPoints: (id, newest) => trimPoints(redis, id, newest),
    rest: (id) => rest(redis, id),
    outboxLength: (id) => redis.llen(keys.outbox(id)),
    outbox: async (id) =>
      (await redis.lrange(keys.outbox(id), 0, -1)).map((text) => fromJson<OutboxEntry>(text)),
    relayed: (id, entries) => dropRelayed(redis, id, entries),
    closedEpisodes: async (id, atMost) =>
      (await redis.lrange(keys.closed(id), 0, Math.max(0, atMost - 1))).map((text) =>
        fromJson<Episode>(text),
      ),
    beginAnew: (run, facts) => beginAnew(redis, run, facts),
    forget: (id) => forget(redis, id),
  };
}

async function load(redis: RedisConnection, id: RunId): Promise<StoredRun | undefined> {
  const fields = await readRunHash(redis, id);
  if (fields.size === 0) return undefined;
  const cursors = new Map<string, LogRunCursor>();
  const series = new Map<SeriesKey, SeriesFacts>();
  const memory = new Map<SeriesKey, Uint8Array>();
  const open: Episode[] = [];
  for (const [field, value] of fields) {
    const name = field.slice(2);
    if (field.startsWith("c:")) cursors.set(name, parsed<LogRunCursor>(value));
    else if (field.startsWith("s:")) series.set(name as SeriesKey, parsed<SeriesFacts>(value));
    else if (field.startsWith("m:")) memory.set(name as SeriesKey, value);
    else if (field.startsWith("e:")) open.push(parsed<Episode>(value));
  }
  return {
    revision: Number(fields.get("rev")?.toString("utf8") ?? "0"),
    run: parsed<Run>(fields.get("run")),
    facts: parsed<RunFacts>(fields.get("facts")),
    cursors,
    series,
    memory,
    runMemory: fields.get("judge") ?? Buffer.alloc(0),
    open: open.sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

function parsed<T>(value: Buffer | undefined): T {
  return fromJson<T>(value?.toString("utf8") ?? "{}");
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
  for (const [logRun, cursor] of commit.cursors) fields.push(fieldOf.cursor(logRun), toJson(cursor));
  for (const [key, facts] of commit.series) fields.push(fieldOf.series(key), toJson(facts));
  for (const [key, memory] of commit.memory) fields.push(fieldOf.memory(key), asBuffer(memory));
  for (const episode of commit.opened) fields.push(fieldOf.episode(episode.id), toJson(episode));
  const args: (string | number | Buffer)[] = [commit.expected, fields.length / 2, ...fields];
  args.push(commit.closed.length, ...commit.closed.map((episode) => fieldOf.episode(episode.id)));
  args.push(commit.entries.length, ...commit.entries.map(toJson));
  args.push(commit.closed.length, ...commit.closed.map(toJson), closedKept);
  args.push(pointBounds.bytesAPoint, pointBounds.newest, pointBounds.coarse);
  const scriptKeys = [keys.run(commit.id), keys.outbox(commit.id), keys.closed(commit.id)];
  for (const points of commit.points) {
    scriptKeys.push(keys.points(commit.id, points.key), keys.coarse(commit.id, points.key));
    args.push(points.replace ? "1" : "0", asBuffer(points.packed));
  }
  const answer = await runScript(redis, "commit-run", { keys: scriptKeys, args });
  return answer === 1 ? "committed" : "stale";
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

async function cursors(redis: RedisConnection, id: RunId): ReturnType<RunStore["cursors"]> {
  const fields = await redis.hkeys(keys.run(id));
  if (fields.includes(restingField)) {
    const stored = await load(redis, id);
    return stored && { logRuns: stored.facts.logRuns, cursors: stored.cursors };
  }
  if (fields.length === 0) return undefined;
  const wanted = fields.filter((field) => field.startsWith("c:"));
  const [facts, ...values] = await redis.hmgetBuffer(keys.run(id), "facts", ...wanted);
  const found = wanted.flatMap((field, at) => {
    const value = values[at];
    return value ? [[field.slice(2), parsed<LogRunCursor>(value)] as const] : [];
  });
  return { logRuns: parsed<Partial<RunFacts>>(facts ?? undefined).logRuns ?? {}, cursors: new Map(found) };
}

async function seriesFacts(
  redis: RedisConnection,
  id: RunId,
  wanted: readonly SeriesKey[],
): Promise<ReadonlyMap<SeriesKey, SeriesFacts>> {
  if (wanted.length === 0) return new Map();
  const loose = await redis.hmgetBuffer(keys.run(id), ...wanted.map(fieldOf.series));
  const all = loose.includes(null) ? await readRunHash(redis, id) : undefined;
  return new Map(
    wanted.flatMap((key, index) => {
      const value = loose[index] ?? all?.get(fieldOf.series(key));
      return value === undefined ? [] : [[key, parsed<SeriesFacts>(value)] as const];
    }),
  );
}

/**
 * Everything but the heads, the open episodes and the run's own memory goes into one packed field: nothing is lost, so a
 * run that wakes goes on exactly where it was. Its points are read from the files again.
 */
async function rest(redis: RedisConnection, id: RunId): Promise<"rests" | "stale"> {
  if (!(await redis.hkeys(keys.run(id))).some(mayRest)) return "rests";
  const fields = await readRunHash(redis, id);
  const revision = fields.get("rev");
  if (revision === undefined) return "rests";
  const packed = new Map([...fields].filter(([field]) => mayRest(field)));
  const series = [...packed.keys()].filter((field) => field.startsWith("s:"));
  const outcome = await runScript(redis, "lay-to-rest", {
    keys: [keys.run(id), ...series.flatMap((field) => pointKeys(id, field.slice(2) as SeriesKey))],
    args: [revision, restingField, await packFields(packed), ...packed.keys()],
  });
  return outcome === 1 ? "rests" : "stale";
}

/** Cursors, series and detector memory. */
function mayRest(field: string): boolean {
  return /^[csm]:/.test(field);
}

async function forget(redis: RedisConnection, id: RunId): Promise<void> {
  await redis.del(...(await keysOf(redis, id)));
  await redis.zrem(keys.deadlines, id);
}

async function beginAnew(redis: RedisConnection, run: Run, facts: RunFacts): Promise<void> {
  const id = runIdOf(run);
  const fields = ["run", toJson(run), "facts", toJson(facts)];
  await runScript(redis, "begin-anew", { keys: await keysOf(redis, id), args: fields });
  await redis.zrem(keys.deadlines, id);
}

/** The run's hash first. */
async function keysOf(redis: RedisConnection, id: RunId): Promise<readonly string[]> {
  const points = (await seriesWithPoints(redis, id)).flatMap((key) => pointKeys(id, key));
  return [keys.run(id), keys.outbox(id), keys.closed(id), ...points];
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

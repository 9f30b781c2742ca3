import type {
  Attempt,
  Conclusion,
  LaneHead,
  LaneStore,
  PendingChart,
  RunThread,
} from "../alerts/lane-store.js";
import type { OutboxEntry } from "../alerts/outbox-entry.js";
import { fromJson, toJson } from "../lib/json.js";
import type { DestinationId } from "../message/destination.js";
import type { MessageRef, Picture } from "../message/post.js";
import type { RunId } from "../series/run.js";
import type { RedisConnection } from "./connection.js";
import { keys } from "./keys.js";
import { runScript } from "./scripts.js";

/** The lanes on Redis; every change that must not be torn apart is one script. */
export function createRedisLaneStore(redis: RedisConnection): LaneStore {
  return {
    lanes: () => redis.smembers(keys.lanes),
    append: (lane, entries) => append(redis, lane, entries),
    lease: async (lane, token, forMs) =>
      (await runScript(redis, "take-lease", { keys: [keys.lease(lane)], args: [token, forMs] })) === 1,
    release: async (lane, token) => {
      await runScript(redis, "release-lease", { keys: [keys.lease(lane)], args: [token] });
    },
    breakLease: async (lane) => {
      await redis.del(keys.lease(lane));
    },
    head: (lane) => head(redis, lane),
    begin: async (lane, attempt, entry) => {
      await redis.set(keys.attempt(lane), toJson(attempt));
      if (entry.body.kind === "root") await redis.hdel(keys.rootWaits(lane), entry.body.run);
    },
    abandon: async (lane) => {
      await redis.del(keys.attempt(lane));
    },
    openThread: async (lane, run, thread) => {
      await redis.hset(keys.roots(lane), rootField(thread.root), run);
      await redis.hset(keys.threads(lane), run, toJson(thread));
    },
    closeThread: (lane, run) => closeThread(redis, lane, run),
    conclude: (lane, conclusion, now) => conclude(redis, lane, { conclusion, now }),
    bury: (lane, death, now) => bury(redis, lane, { ...death, now }),
    thread: async (lane, run) => optional<RunThread>(await redis.hget(keys.threads(lane), run)),
    threads: async (lane) =>
      new Map(
        Object.entries(await redis.hgetall(keys.threads(lane))).map(([run, text]) => [
          run as RunId,
          fromJson<RunThread>(text),
        ]),
      ),
    runOf: async (lane, root) =>
      ((await redis.hget(keys.roots(lane), rootField(root))) ?? undefined) as RunId | undefined,
    saidAs: async (lane, entryId) => optional<MessageRef>(await redis.hget(keys.said(lane), entryId)),
    pendingCharts: async (lane) =>
      (await redis.hvals(keys.charts(lane))).map((text) => fromJson<PendingChart>(text)),
    chartReady: (lane, chart, picture) => chartReady(redis, lane, { chart, picture }),
    dropChart: async (lane, entryId) => {
      await redis.hdel(keys.charts(lane), entryId);
    },
    length: async (lane) => (await redis.llen(keys.lane(lane))) + (await redis.llen(keys.edits(lane))),
    trim: (lane, before) => trim(redis, lane, before),
  };
}

function optional<T>(text: string | null): T | undefined {
  return text === null ? undefined : fromJson<T>(text);
}

function rootField(root: { readonly channel: string; readonly id: string }): string {
  return `${root.channel}\u0000${root.id}`;
}

/** The run whose root an entry refreshes, or the empty string. */
function rootOf(entry: OutboxEntry): string {
  return entry.body.kind === "root" ? entry.body.run : "";
}

async function append(
  redis: RedisConnection,
  lane: DestinationId,
  entries: readonly OutboxEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  await redis.sadd(keys.lanes, lane);
  await runScript(redis, "append-entries", {
    keys: [keys.lane(lane), keys.entries(lane), keys.saidAt(lane), keys.rootWaits(lane), keys.edits(lane)],
    args: entries.flatMap((entry) => [entry.id, toJson(entry), rootOf(entry)]),
  });
}

async function head(redis: RedisConnection, lane: DestinationId): Promise<LaneHead | undefined> {
  for (;;) {
    const id = (await redis.lindex(keys.lane(lane), 0)) ?? (await redis.lindex(keys.edits(lane), 0));
    if (id === null) return undefined;
    const [text, attemptText, picture] = await Promise.all([
      redis.hget(keys.entries(lane), id),
      redis.get(keys.attempt(lane)),
      redis.hget(keys.pictures(lane), id),
    ]);
    // An id without its entry says nothing any more: somebody concluded it between the two reads.
    if (text === null) {
      await redis.lrem(keys.lane(lane), 1, id);
      await redis.lrem(keys.edits(lane), 1, id);
      continue;
    }
    const attempt = optional<Attempt>(attemptText);
    return { entry: fromJson<OutboxEntry>(text), attempt, picture: optional<Picture>(picture) };
  }
}

async function closeThread(redis: RedisConnection, lane: DestinationId, run: RunId): Promise<void> {
  const thread = optional<RunThread>(await redis.hget(keys.threads(lane), run));
  if (thread === undefined) return;
  await redis.hdel(keys.roots(lane), rootField(thread.root));
  await redis.hdel(keys.threads(lane), run);
}

async function conclude(
  redis: RedisConnection,
  lane: DestinationId,
  { conclusion, now }: { conclusion: Conclusion; now: number },
): Promise<void> {
  const { entryId, ref, thread, chart } = conclusion;
  await runScript(redis, "conclude-entry", {
    keys: concludeKeys(lane),
    args: [
      entryId,
      now,
      ref === undefined ? "" : toJson(ref),
      thread?.run ?? "",
      thread === undefined ? "" : toJson(thread.thread),
      thread === undefined ? "" : rootField(thread.thread.root),
      chart === undefined ? "" : toJson(chart),
      await runWithRoot(redis, lane, entryId),
      "",
    ],
  });
}

async function bury(
  redis: RedisConnection,
  lane: DestinationId,
  { entryId, reason, now }: { entryId: string; reason: string; now: number },
): Promise<void> {
  const text = await redis.hget(keys.entries(lane), entryId);
  const obituary = toJson({ at: now, reason, entry: optional<OutboxEntry>(text) });
  await runScript(redis, "conclude-entry", {
    keys: concludeKeys(lane),
    args: [entryId, now, "", "", "", "", "", await runWithRoot(redis, lane, entryId), obituary],
  });
}

async function runWithRoot(redis: RedisConnection, lane: DestinationId, entryId: string): Promise<string> {
  const entry = optional<OutboxEntry>(await redis.hget(keys.entries(lane), entryId));
  return entry === undefined ? "" : rootOf(entry);
}

function concludeKeys(lane: DestinationId): string[] {
  return [
    keys.lane(lane),
    keys.entries(lane),
    keys.said(lane),
    keys.saidAt(lane),
    keys.attempt(lane),
    keys.threads(lane),
    keys.roots(lane),
    keys.charts(lane),
    keys.pictures(lane),
    keys.rootWaits(lane),
    keys.dead(lane),
    keys.edits(lane),
  ];
}

async function chartReady(
  redis: RedisConnection,
  lane: DestinationId,
  { chart, picture }: { chart: PendingChart; picture: Picture | undefined },
): Promise<void> {
  if (chart.entry.body.kind !== "chart") throw new Error("only a chart entry can become ready");
  await runScript(redis, "chart-ready", {
    keys: [keys.edits(lane), keys.entries(lane), keys.saidAt(lane), keys.charts(lane), keys.pictures(lane)],
    args: [
      chart.entry.body.alert,
      chart.entry.id,
      toJson(chart.entry),
      picture === undefined ? "" : toJson(picture),
    ],
  });
}

async function trim(redis: RedisConnection, lane: DestinationId, before: number): Promise<void> {
  const old = await redis.zrangebyscore(keys.saidAt(lane), "-inf", before);
  if (old.length > 0) {
    await redis.hdel(keys.said(lane), ...old);
    await redis.zrem(keys.saidAt(lane), ...old);
  }
}

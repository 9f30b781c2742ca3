import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LaneStore } from "../alerts/lane-store.js";
import type { Routing } from "../alerts/route.js";
import type { WatchRegistry } from "../alerts/watch-registry.js";
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import type { RedisConnection } from "../redis/connection.js";
import { keys } from "../redis/keys.js";
import { openHome } from "./home.js";

export interface LostStatePorts {
  readonly redis: RedisConnection;
  readonly registry: WatchRegistry;
  readonly lanes: LaneStore;
  readonly routing: Routing;
  readonly clock: Clock;
  readonly log: Log;
  readonly home: string;
}

/**
 * Says once that Redis no longer holds what was known: its watches then begin as new ones, quietly. Redis and the home
 * share a mark; a Redis without one, met by a home that has one, was emptied. The mark is set after the words are
 * queued: a crash in between says them under the same id again.
 */
export async function sayLostState(ports: LostStatePorts): Promise<void> {
  const { redis, registry, lanes, routing, clock, log, home } = ports;
  const known = readMark(home);
  const held = await redis.get(keys.identity);
  if (held === null && known !== undefined && (await registry.list()).length === 0) {
    log.warn({ home }, "redis_state_lost");
    for (const destination of new Set(routing.routes.flatMap(({ to }) => to))) {
      const body = { kind: "operator" as const, subject: "redis-lost", detail: "" };
      await lanes.append(destination, [{ id: `redis-lost/${known}`, destination, at: clock.now(), body }]);
    }
  }
  if (held === null) await redis.set(keys.identity, randomUUID(), "NX");
  const mark = held ?? (await redis.get(keys.identity));
  if (mark !== null && mark !== known) writeMark(home, mark);
}

const fileName = "redis-identity";

function readMark(home: string): string | undefined {
  try {
    return readFileSync(join(home, fileName), "utf8").trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Whole or not at all. */
function writeMark(home: string, mark: string): void {
  openHome(home);
  const file = join(home, fileName);
  writeFileSync(`${file}.new`, `${mark}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

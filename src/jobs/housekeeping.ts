import type { LaneStore } from "../alerts/lane-store.js";
import type { RunStore } from "../alerts/run-store.js";
import type { WatchRegistry } from "../alerts/watch-registry.js";
import type { MuteStore } from "../commands/context.js";
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import type { RunId, WatchId } from "../series/run.js";
import { beyondBound, type Held, idlePoints, upkeepOf } from "./upkeep.js";

export interface HousekeepingPorts {
  readonly registry: WatchRegistry;
  readonly runs: RunStore;
  readonly lanes: LaneStore;
  readonly mutes: MuteStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Bytes all series together may take in Redis. */
  readonly maxPointBytes: number;
}

const rememberMs = 30 * 86_400_000;

/**
 * Expired mutes, ids said long ago, old runs, and points beyond their bound go; every point dropped can be read from the
 * files again. A run whose state cannot be read or changed is told and left; the house is kept for all others.
 */
export async function keepHouse(ports: HousekeepingPorts): Promise<void> {
  const now = ports.clock.now();
  for (const mute of await ports.mutes.list()) if (mute.until <= now) await ports.mutes.remove(mute.id);
  for (const lane of await ports.lanes.lanes()) await ports.lanes.trim(lane, now - rememberMs);
  const held: Held[] = [];
  const known = new Set<RunId>();
  for (const { id: watch } of await ports.registry.list()) {
    for (const run of (await ports.registry.runs(watch)).keys()) {
      known.add(run);
      const left = await guarded(ports, run, () => keepRun(ports, { watch, run, now }));
      if (left !== undefined) held.push(left);
    }
  }
  for (const run of beyondBound(held, ports.maxPointBytes))
    await guarded(ports, run, () => ports.runs.trimPoints(run, 0));
  await closeThreads(ports, known, now);
}

async function guarded<T>({ log }: HousekeepingPorts, run: RunId, work: () => Promise<T>) {
  try {
    return await work();
  } catch (error) {
    log.error({ err: error, run }, "housekeeping_failed");
    return undefined;
  }
}

async function keepRun(
  ports: HousekeepingPorts,
  { watch, run, now }: { readonly watch: WatchId; readonly run: RunId; readonly now: number },
): Promise<Held | undefined> {
  const { registry, runs } = ports;
  const facts = (await runs.head(run))?.facts;
  const arrivedAt = facts?.lastArrivalAt ?? 0;
  const hasFiles = Object.keys((await registry.found(watch, run))?.logRuns ?? {}).length > 0;
  switch (upkeepOf({ idleForMs: now - arrivedAt, hasFiles })) {
    case "forget":
      await forgetRun(ports, watch, run);
      return undefined;
    case "rest":
      // Stale: it goes on, and is no longer idle.
      await runs.rest(run);
      break;
    case "trim":
      await runs.trimPoints(run, idlePoints);
      break;
    case "keep":
  }
  return { run, arrivedAt, bytes: await runs.pointBytes(run) };
}

/** The registry's entry last: a crash in between leaves a run that is forgotten again, never state that nobody knows of. */
async function forgetRun({ registry, runs, lanes }: HousekeepingPorts, watch: WatchId, run: RunId) {
  for (const lane of await lanes.lanes()) await lanes.closeThread(lane, run);
  await registry.setDeadline(run, undefined);
  await runs.forget(run);
  await registry.removeRun(watch, run);
}

/** Threads of runs that no watch knows any more; a watch that was removed and added again soon finds its own. */
async function closeThreads({ lanes }: HousekeepingPorts, known: ReadonlySet<RunId>, now: number) {
  for (const lane of await lanes.lanes()) {
    for (const [run, thread] of await lanes.threads(lane)) {
      if (!known.has(run) && thread.rootSaidAt < now - rememberMs) await lanes.closeThread(lane, run);
    }
  }
}

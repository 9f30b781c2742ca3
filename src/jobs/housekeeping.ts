import type { LaneStore } from "../alerts/lane-store.js";
import type { RunStore } from "../alerts/run-store.js";
import type { WatchRegistry } from "../alerts/watch-registry.js";
import type { MuteStore } from "../commands/context.js";
import type { Clock } from "../lib/clock.js";

export interface HousekeepingPorts {
  readonly registry: WatchRegistry;
  readonly runs: RunStore;
  readonly lanes: LaneStore;
  readonly mutes: MuteStore;
  readonly clock: Clock;
  /** Bytes all series together may take in Redis. */
  readonly maxPointBytes: number;
}

const dayMs = 86_400_000;
const idleAfterMs = dayMs;
const rememberSaidMs = 30 * dayMs;
/** Points an idle series keeps (architecture, section 8). */
const idlePoints = 200;

/** Expired mutes, ids said long ago, and points beyond their bound go; everything dropped can be read from the files again. */
export async function keepHouse(ports: HousekeepingPorts): Promise<void> {
  const now = ports.clock.now();
  for (const mute of await ports.mutes.list()) if (mute.until <= now) await ports.mutes.remove(mute.id);
  for (const lane of await ports.lanes.lanes()) await ports.lanes.trim(lane, now - rememberSaidMs);
  await trimPoints(ports, now);
}

async function trimPoints({ registry, runs, maxPointBytes }: HousekeepingPorts, now: number): Promise<void> {
  const kept: { run: Parameters<RunStore["head"]>[0]; at: number; bytes: number }[] = [];
  for (const watch of await registry.list()) {
    for (const run of (await registry.runs(watch.id)).keys()) {
      const at = (await runs.head(run))?.facts.lastArrivalAt ?? 0;
      if (at < now - idleAfterMs) await runs.trimPoints(run, idlePoints);
      kept.push({ run, at, bytes: await runs.pointBytes(run) });
    }
  }
  let total = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { run, bytes } of kept.sort((a, b) => a.at - b.at)) {
    if (total <= maxPointBytes) return;
    await runs.trimPoints(run, 0);
    total -= bytes;
  }
}

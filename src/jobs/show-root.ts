import type { LaneStore } from "../alerts/lane-store.js";
import type { RunStore } from "../alerts/run-store.js";
import type { Clock } from "../lib/clock.js";
import type { RunId } from "../series/run.js";
import type { Wakes } from "./wakes.js";

export interface ShowRootPorts {
  readonly runs: RunStore;
  readonly lanes: LaneStore;
  readonly wakes: Wakes;
  readonly clock: Clock;
}

/** Brings a run's root up to date in every conversation it has: somebody changed what it shows, and no poll tells of it. */
export async function showRoot({ runs, lanes, wakes, clock }: ShowRootPorts, run: RunId): Promise<void> {
  const head = await runs.head(run);
  if (head === undefined) return;
  const at = clock.now();
  for (const lane of await lanes.lanes()) {
    if ((await lanes.thread(lane, run)) === undefined) continue;
    const body = { kind: "root" as const, run, name: head.run };
    await lanes.append(lane, [{ id: `${run}/shown/${at}`, destination: lane, at, body }]);
    await wakes.deliver(lane, 0);
  }
}

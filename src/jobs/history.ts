import type { LaneStore } from "../alerts/lane-store.js";
import { destinationsOf, type Routing } from "../alerts/route.js";
import type { RunStore } from "../alerts/run-store.js";
import type { WatchRegistry } from "../alerts/watch-registry.js";
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import type { Watch } from "../series/watch.js";
import type { Wakes } from "./wakes.js";

export interface HistoryPorts {
  readonly registry: WatchRegistry;
  readonly runs: RunStore;
  readonly lanes: LaneStore;
  readonly wakes: Wakes;
  readonly clock: Clock;
  readonly log: Log;
  readonly routing: Routing;
}

/** Runs with open episodes that the summary names. */
const named = 5;

/** When the last run of a newly registered directory has been read quietly: one line with what was found, and the watch is live. */
export async function historyRead(ports: HistoryPorts, watch: Watch, left: number): Promise<void> {
  if (left > 0) return;
  // Somebody may have ended the watch while its last run was being read.
  if (!(await ports.registry.list()).some(({ id }) => id === watch.id)) return;
  const found = await ports.registry.runs(watch.id);
  let points = 0;
  const open: string[] = [];
  for (const [run, name] of found) {
    const facts = (await ports.runs.head(run))?.facts;
    points += facts?.points ?? 0;
    if ((facts?.open ?? 0) > 0 && open.length < named) open.push(name);
  }
  if (found.size > 0) {
    const destinations = new Set(
      [...found.values()].flatMap((name) => destinationsOf(ports.routing, { watch: watch.id, name })),
    );
    for (const destination of destinations) {
      const body = { kind: "history" as const, root: watch.root, runs: found.size, points, open };
      await ports.lanes.append(destination, [
        { id: `history/${watch.id}/${watch.at}`, destination, at: ports.clock.now(), body },
      ]);
      await ports.wakes.deliver(destination, 0);
    }
  }
  await ports.registry.put({ ...watch, phase: "live" });
  ports.log.info({ root: watch.root, runs: found.size, points }, "watch_live");
}

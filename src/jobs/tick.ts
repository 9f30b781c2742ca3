import type { LaneStore } from "../alerts/lane-store.js";
import type { OutboxEntry } from "../alerts/outbox-entry.js";
import type { RunStore } from "../alerts/run-store.js";
import type { WatchRegistry } from "../alerts/watch-registry.js";
import type { ChatPlatform } from "../chat/platform.js";
import type { Clock } from "../lib/clock.js";
import { type DestinationId, parseDestination } from "../message/destination.js";
import type { RunId } from "../series/run.js";
import type { Wakes } from "./wakes.js";

export interface TickPorts {
  readonly registry: WatchRegistry;
  readonly runs: RunStore;
  readonly lanes: LaneStore;
  readonly platforms: ReadonlyMap<string, Pick<ChatPlatform, "capabilities">>;
  readonly wakes: Wakes;
  readonly clock: Clock;
}

/** A root shows progress at most this often (architecture, section 8). */
const progressMs = 300_000;
/** Edits of roots a lane and minute, oldest first. */
const editsAMinute = 30;
const runsATick = 1_000;

/** Wakes what time alone wakes: runs whose deadline has come, lanes and charts that were left waiting. */
export async function tick({ registry, lanes, wakes, clock }: TickPorts): Promise<void> {
  for (const run of await registry.due(clock.now(), runsATick)) {
    // The ingest sets the next deadline; until then this one must not come up again every few seconds.
    await registry.setDeadline(run, clock.now() + 60_000);
    await wakes.ingest(run);
  }
  for (const lane of await lanes.lanes()) {
    if ((await lanes.length(lane)) > 0) await wakes.deliver(lane, 0);
    if ((await lanes.pendingCharts(lane)).length > 0) await wakes.chart(lane, 0);
  }
}

/** Refreshes the roots of runs that went on since their root was last said; not where every edit counts. */
export async function showProgress({ lanes, platforms, runs, wakes, clock }: TickPorts): Promise<void> {
  const now = clock.now();
  for (const lane of await lanes.lanes()) {
    if (platforms.get(parseDestination(lane).platform)?.capabilities.metered === true) continue;
    const stale = [...(await lanes.threads(lane))]
      .filter(([, thread]) => now - thread.rootSaidAt >= progressMs)
      .sort(([, a], [, b]) => a.rootSaidAt - b.rootSaidAt);
    let asked = 0;
    for (const [run, thread] of stale) {
      if (asked >= editsAMinute) break;
      const entry = await progressEntry(runs, { lane, run, saidAt: thread.rootSaidAt, now });
      if (entry === undefined) continue;
      asked += 1;
      await lanes.append(lane, [entry]);
    }
    if (asked > 0) await wakes.deliver(lane, 0);
  }
}

async function progressEntry(
  runs: RunStore,
  {
    lane,
    run,
    saidAt,
    now,
  }: { readonly lane: DestinationId; readonly run: RunId; readonly saidAt: number; readonly now: number },
): Promise<OutboxEntry | undefined> {
  const head = await runs.head(run);
  // Quiet runs get one more refresh after they fell quiet, then none.
  if (head === undefined || head.facts.lastArrivalAt + 2 * progressMs < saidAt) return undefined;
  return {
    id: `${run}/progress/${Math.floor(now / 60_000)}`,
    destination: lane,
    at: now,
    body: { kind: "root", run, name: head.run },
  };
}

import type { LaneStore } from "../alerts/lane-store.js";
import type { OutboxEntry } from "../alerts/outbox-entry.js";
import type { RunStore } from "../alerts/run-store.js";
import type { RunId } from "../series/run.js";
import type { Wakes } from "./wakes.js";

/** Moves a run's outbox to the lanes: into the lane first, out of the outbox second, so that a crash between repeats and never loses. */
export async function relay(
  { runs, lanes, wakes }: { readonly runs: RunStore; readonly lanes: LaneStore; readonly wakes: Wakes },
  run: RunId,
): Promise<void> {
  const waiting = await runs.outbox(run);
  const byLane = new Map<string, OutboxEntry[]>();
  for (const entry of waiting)
    byLane.set(entry.destination, [...(byLane.get(entry.destination) ?? []), entry]);
  for (const [lane, entries] of byLane) {
    await lanes.append(lane, entries);
    await runs.relayed(run, entries);
    await wakes.deliver(lane, 0);
  }
}

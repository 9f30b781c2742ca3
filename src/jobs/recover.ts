import type { LaneStore } from "../alerts/lane-store.js";
import type { RunStore } from "../alerts/run-store.js";
import type { WatchRegistry } from "../alerts/watch-registry.js";
import type { Watch } from "../series/watch.js";
import type { Wakes } from "./wakes.js";

export interface RecoverPorts {
  readonly registry: WatchRegistry;
  readonly runs: RunStore;
  readonly lanes: LaneStore;
  readonly wakes: Wakes;
  onHistoryRead(watch: Watch, left: number): Promise<void>;
}

/**
 * Finishes what a dead process had begun. Every wake that follows a commit may have been lost with it:
 * outboxes not yet relayed, quiet first passes not yet counted off, summaries not yet said.
 */
export async function recover(ports: RecoverPorts): Promise<void> {
  for (const watch of await ports.registry.list()) {
    for (const run of (await ports.registry.runs(watch.id)).keys()) {
      if ((await ports.runs.outboxLength(run)) > 0) await ports.wakes.relay(run);
    }
    if (watch.phase === "priming") await finishPriming(ports, watch);
  }
}

async function finishPriming(ports: RecoverPorts, watch: Watch): Promise<void> {
  let left = 0;
  for (const run of await ports.registry.priming(watch.id)) {
    const head = await ports.runs.head(run);
    if (head?.facts.phase === "live") left = await ports.registry.primed(watch.id, run);
    else {
      left += 1;
      await ports.wakes.ingest(run);
    }
  }
  if (left === 0) await ports.onHistoryRead(watch, 0);
}

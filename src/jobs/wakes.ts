import type { DestinationId } from "../message/destination.js";
import type { RunId } from "../series/run.js";

/**
 * How one step of the pipeline wakes the next; losing a wake costs time, never an alert: sweeps repeat it. A wake says
 * only where to look, what is to be done stands in the stores: one that waits already may take the place of any other.
 */
export interface Wakes {
  ingest(run: RunId): Promise<void>;
  relay(run: RunId): Promise<void>;
  deliver(lane: DestinationId, delayMs: number): Promise<void>;
  chart(lane: DestinationId, delayMs: number): Promise<void>;
}

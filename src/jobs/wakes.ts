import type { DestinationId } from "../message/destination.js";
import type { Run, RunId } from "../series/run.js";

/** One run to look at. Without `run` and `logRuns` (a tick) the stored ones are meant. */
export interface IngestJob {
  readonly id: RunId;
  readonly run?: Run;
  /** Log run -> split, complete. */
  readonly logRuns?: Readonly<Record<string, string>>;
}

/** How one step of the pipeline wakes the next; losing a wake costs time, never an alert: sweeps repeat it. */
export interface Wakes {
  ingest(job: IngestJob): Promise<void>;
  relay(run: RunId): Promise<void>;
  deliver(lane: DestinationId, delayMs: number): Promise<void>;
  chart(lane: DestinationId, delayMs: number): Promise<void>;
}

import type { WatchId } from "./run.js";

/** A registered log directory. `priming`: its old runs are still being read, quietly. Times in milliseconds. */
export interface Watch {
  readonly id: WatchId;
  /** Absolute. */
  readonly root: string;
  readonly origin: "config" | "chat";
  readonly author?: string;
  readonly at: number;
  readonly phase: "new" | "priming" | "live";
}

/** Which run and split a log run belongs to; the split is empty for the run's own log run. */
export interface Membership {
  readonly run: string;
  readonly split: string;
}

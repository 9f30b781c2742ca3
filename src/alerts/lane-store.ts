import type { DestinationId } from "../message/destination.js";
import type { MessageRef, Picture } from "../message/post.js";
import type { RunId } from "../series/run.js";
import type { OutboxEntry } from "./outbox-entry.js";

/** The conversation of one run at one destination. */
export interface RunThread {
  readonly root: MessageRef;
  /** Milliseconds. */
  readonly openedAt: number;
  /** Fingerprint of the root's content as last said, so that equal edits are left out. */
  readonly rootHash: string;
  readonly rootSaidAt: number;
}

/** What a platform call that is under way, or was when the process died, is about. */
export interface Attempt {
  readonly entryId: string;
  readonly at: number;
  readonly tries: number;
}

/** A picture that waits to be drawn, uploaded and joined to its alert. */
export interface PendingChart {
  readonly entry: OutboxEntry;
  readonly ref: MessageRef;
}

export interface LaneHead {
  readonly entry: OutboxEntry;
  /** Present where a call for this lane was begun and never concluded. */
  readonly attempt: Attempt | undefined;
  /** The uploaded picture of a chart entry. */
  readonly picture: Picture | undefined;
}

/** What concluding an entry stores, in one step with its removal. */
export interface Conclusion {
  readonly entryId: string;
  readonly ref?: MessageRef;
  readonly thread?: { readonly run: RunId; readonly thread: RunThread };
  /** Pictures to be made now that the text is said. */
  readonly chart?: PendingChart;
}

/**
 * One first-in-first-out lane a destination: its head stays until delivered or dead. What only edits a message that
 * stands already (roots, charts that join) queues behind everything new, so that a storm of edits delays no alarm.
 */
export interface LaneStore {
  lanes(): Promise<readonly DestinationId[]>;
  /** Idempotent by entry id, also for entries concluded lately; a root entry is left out while one of its run waits. */
  append(lane: DestinationId, entries: readonly OutboxEntry[]): Promise<void>;
  /** One worker a lane: true while `token` holds the lease. */
  lease(lane: DestinationId, token: string, forMs: number): Promise<boolean>;
  release(lane: DestinationId, token: string): Promise<void>;
  /** Ends whatever lease a dead process left; only for who knows that nobody else works here. */
  breakLease(lane: DestinationId): Promise<void>;
  /** The oldest new thing to say, else the oldest edit. */
  head(lane: DestinationId): Promise<LaneHead | undefined>;
  /** Marks that a platform call begins; what stays marked after a crash is unclear. From here on a root entry of the same run may queue again. */
  begin(lane: DestinationId, attempt: Attempt, entry: OutboxEntry): Promise<void>;
  /** The call ended without storing anything at the platform. */
  abandon(lane: DestinationId): Promise<void>;
  /** Remembers the thread's root before the reply that needed it. */
  openThread(lane: DestinationId, run: RunId, thread: RunThread): Promise<void>;
  closeThread(lane: DestinationId, run: RunId): Promise<void>;
  conclude(lane: DestinationId, conclusion: Conclusion, now: number): Promise<void>;
  /** The entry can never be said: kept for the operator, removed from the lane. */
  bury(
    lane: DestinationId,
    death: { readonly entryId: string; readonly reason: string },
    now: number,
  ): Promise<void>;
  thread(lane: DestinationId, run: RunId): Promise<RunThread | undefined>;
  threads(lane: DestinationId): Promise<ReadonlyMap<RunId, RunThread>>;
  /** The run whose thread has this root. */
  runOf(
    lane: DestinationId,
    root: { readonly channel: string; readonly id: string },
  ): Promise<RunId | undefined>;
  /** Where an entry was said. */
  saidAs(lane: DestinationId, entryId: string): Promise<MessageRef | undefined>;
  pendingCharts(lane: DestinationId): Promise<readonly PendingChart[]>;
  /** The picture is ready (or will be drawn with its post): its edit queues in the lane, behind what is there. */
  chartReady(lane: DestinationId, chart: PendingChart, picture: Picture | undefined): Promise<void>;
  dropChart(lane: DestinationId, entryId: string): Promise<void>;
  length(lane: DestinationId): Promise<number>;
  /** Forgets ids concluded before `before`. */
  trim(lane: DestinationId, before: number): Promise<void>;
}

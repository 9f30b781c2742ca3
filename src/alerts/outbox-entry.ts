import type { DestinationId } from "../message/destination.js";
import type { Run, RunId } from "../series/run.js";
import type { Episode, Transition } from "./episode.js";
import type { RunNews } from "./route.js";

/** Something to say, stored before it is said: facts only, wording and pictures are made at delivery. */
export interface OutboxEntry {
  /** Unique and the same in every retry: run and revision, or what the entry is about. */
  readonly id: string;
  readonly destination: DestinationId;
  /** Milliseconds. */
  readonly at: number;
  readonly body: EntryBody;
}

export type EntryBody =
  /** What one ingest found for a run, together. */
  | {
      readonly kind: "alert";
      readonly run: RunId;
      readonly name: Run;
      readonly transitions: readonly Transition[];
      readonly mention?: readonly string[];
    }
  /** The thread's root shows the run's live state again; taken at delivery, so many become one. */
  | { readonly kind: "root"; readonly run: RunId; readonly name: Run }
  /** A critical alert that nobody took: its people are reached by the most pressing way there is. */
  | {
      readonly kind: "press";
      readonly run: RunId;
      readonly name: Run;
      readonly episode: Episode;
      readonly people: readonly string[];
      /** Milliseconds. */
      readonly since: number;
    }
  /** The run began or reached its declared length, for those who asked to hear it. */
  | { readonly kind: "news"; readonly run: RunId; readonly name: Run; readonly news: RunNews }
  /** The run went back to an earlier step. */
  | { readonly kind: "restart"; readonly run: RunId; readonly name: Run; readonly step: number }
  /** The picture of an alert that was said already joins it. */
  | {
      readonly kind: "chart";
      readonly run: RunId;
      readonly name: Run;
      readonly alert: string;
      readonly transitions: readonly Transition[];
    }
  /** One quiet line about a newly registered directory. */
  | {
      readonly kind: "history";
      readonly root: string;
      readonly runs: number;
      readonly points: number;
      readonly open: readonly string[];
    }
  | { readonly kind: "digest"; readonly day: string; readonly since: number; readonly until: number }
  /** Something the operator should know. */
  | { readonly kind: "operator"; readonly subject: string; readonly detail: string };

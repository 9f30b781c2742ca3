import type { EntryBody } from "../alerts/outbox-entry.js";
import type { Transition } from "../alerts/episode.js";
import type { ChartColumn } from "../message/chart-spec.js";
import type { DestinationId } from "../message/destination.js";
import type { Message } from "../message/message.js";
import type { Run, RunId } from "../series/run.js";

/** A picture made from facts at delivery, so that a retry redraws it. */
export interface Drawing {
  readonly png: Uint8Array;
  readonly name: string;
  readonly alt: string;
  /** The main curve as a line of characters. */
  readonly sketch?: string;
}

/** Words and pictures for what the lanes hold, in the destination's language. */
export interface Speaker {
  /** The thread's root: the run's state as it is now. */
  root(run: RunId, name: Run, at: DestinationId): Promise<Message>;
  /** Anything else; undefined where there is nothing left to say. */
  message(
    body: Exclude<EntryBody, { readonly kind: "root" }>,
    at: DestinationId,
  ): Promise<Message | undefined>;
  /** The chart of the weightiest alert among these, for the room that the destination's platform has. */
  draw(
    about: { readonly run: RunId; readonly name: Run; readonly transitions: readonly Transition[] },
    at: DestinationId,
    column: ChartColumn,
  ): Promise<Drawing | undefined>;
}

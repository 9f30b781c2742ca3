import type { Evidence, Severity } from "../rules/rule.js";
import type { RunId } from "../series/run.js";

/** `rule NUL split NUL tag`: one open episode per fingerprint and run. */
export type Fingerprint = string & { readonly brand: "Fingerprint" };

export function fingerprintOf(rule: string, split: string, tag: string): Fingerprint {
  return `${rule}\u0000${split}\u0000${tag}` as Fingerprint;
}

/** pending: breached, not yet for long enough; recovering: cleared, not yet for long enough. */
export type EpisodeState = "pending" | "firing" | "recovering" | "resolved";

export interface Moment {
  readonly step: number;
  readonly wallTime: number;
  readonly value: number;
}

/** A breach with a life; one record from firing to resolved. */
export interface Episode {
  /** Unique within the product and the same however the points were sliced: run, fingerprint and a running number. */
  readonly id: string;
  readonly run: RunId;
  readonly rule: string;
  readonly split: string;
  readonly tag: string;
  readonly severity: Severity;
  readonly state: EpisodeState;
  /** Points in a row so far, while pending or recovering. */
  readonly streak?: number;
  /** When it fired (while pending: the newest breach). */
  readonly opened: Moment;
  readonly evidence: Evidence;
  readonly resolved?: Moment & { readonly reason: "cleared" | "superseded" | "run-ended" | "settings" };
  /** It fired for more than the third time in 50 points: told once, and quiet from then on until it has calmed down, stands for 50 points or grows worse. */
  readonly flapping?: "told" | "quiet";
  readonly ack?: { readonly by: string; readonly at: number };
}

/** A change of an episode that somebody may want to hear of. */
export interface Transition {
  readonly kind: "fired" | "escalated" | "resolved";
  readonly episode: Episode;
}

import type { z } from "zod";
import type { Locale } from "../lib/locale.js";
import type { SeriesLabels } from "../series/labels.js";
import type { Point } from "../series/point.js";

export type Severity = "info" | "warning" | "critical";

/** Numbers that prove a breach, by name; wording and charts are made from them at delivery. JSON-able (non-finite as strings is the store's affair). */
export interface Evidence {
  readonly numbers: Readonly<Record<string, number>>;
  /** The steps the evidence spans, for the chart. */
  readonly from?: number;
  readonly to?: number;
  /** A horizontal limit that was crossed. */
  readonly level?: number;
}

/** What a detector says after a point. `clear` ends an open breach; `ok` says nothing new either way. */
export type Verdict =
  | { readonly kind: "ok" }
  | { readonly kind: "no-data"; readonly reason: string }
  | { readonly kind: "breach"; readonly evidence: Evidence; readonly severity?: Severity }
  | { readonly kind: "clear" };

/** Bounded, versioned, packed binary: NaN and -0 survive. */
export type DetectorMemory = Uint8Array;

/** A fold over the points of one series as read; the one place where mutable state is right. */
export interface Detector {
  observe(point: Point): Verdict;
  /** The run went back to `step`: what is held from steps at or above goes, no streak crosses the seam. */
  reset(step: number): Verdict;
  /** For rules about time: the run's own clock reached `now` (seconds). */
  tick?(now: number): Verdict;
  /** When `tick` would next say something new (seconds), if ever. */
  deadline?(): number | undefined;
  memory(): DetectorMemory;
}

/** A rule is what can be wrong; bound to one series it is a detector. */
export interface Rule<Settings = unknown> {
  readonly id: string;
  readonly severity: Severity;
  readonly settings: z.ZodType<Settings>;
  /** One sentence for `/tb rules` and the docs. */
  readonly summary: Readonly<Record<Locale, string>>;
  /** What happened, from the evidence: the headline of an alert without the run's name. */
  readonly say: (evidence: Evidence, locale: Locale, labels: SeriesLabels) => string;
  appliesTo(labels: SeriesLabels): boolean;
  detector(settings: Settings, labels: SeriesLabels, memory?: DetectorMemory): Detector;
}

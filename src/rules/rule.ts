import type { z } from "zod";
import type { Locale } from "../lib/locale.js";
import type { SeriesLabels } from "../series/labels.js";
import type { Point } from "../series/point.js";
import type { SeriesPast } from "../series/recent-points.js";
import type { RunSigns } from "./run-signs.js";

export type Severity = "info" | "warning" | "critical";

/** Numbers that prove a breach, by name; wording and charts are made from them at delivery. JSON-able (non-finite as strings is the store's affair). */
export interface Evidence {
  readonly numbers: Readonly<Record<string, number>>;
  /** The steps the evidence spans, for the chart. */
  readonly from?: number;
  readonly to?: number;
  /** A horizontal limit that was crossed. */
  readonly level?: number;
  /** The series it is about, from a rule that judges a run as a whole. */
  readonly about?: { readonly split: string; readonly tag: string };
  /** What happened, said when it fired, by a rule that only the configuration knows. Untrusted. */
  readonly words?: Readonly<Record<Locale, string>>;
}

/** What a detector says after a point. `clear` ends an open breach; `ok` says nothing new either way. */
export type Verdict =
  | { readonly kind: "ok" }
  | { readonly kind: "no-data"; readonly reason: string }
  | { readonly kind: "breach"; readonly evidence: Evidence; readonly severity?: Severity }
  | { readonly kind: "clear" };

/** Bounded, versioned, packed binary: NaN and -0 survive. */
export type DetectorMemory = Uint8Array;

/** What a run declares of itself (hyper-parameters) before it is judged by it, where it is known. */
export interface RunLength {
  readonly steps?: number;
  /** Name of the schedule of the learning rate; absent where it is to stay as it is. */
  readonly schedule?: string;
}

/** How many breaches in a row fire, and how many clears in a row resolve; 1 and 1 unless a rule says otherwise. */
export interface Hold {
  readonly breaches: number;
  readonly clears: number;
}

/**
 * A fold over the points of one series as read (or of a whole run: `scope`); the one place where mutable state is right.
 * `point` may be reused by the caller: keep its numbers, never the object. `past` is shared by all rules of a series (empty for a
 * rule about the whole run); `series` is the one the point is of.
 */
export interface Detector {
  observe(point: Point, past: SeriesPast, series: SeriesLabels): Verdict;
  /** The run went back to `step`: what is held from steps at or above goes, no streak crosses the seam; `clear` where the evidence of a breach went. */
  reset(step: number): Verdict;
  /** The newest point is about to be replaced by one at the same step: undo what it did to streaks. */
  replace?(step: number): void;
  /** For rules about time: the run's own clock reached `now` (seconds). */
  tick?(now: number): Verdict;
  /** When `tick` would next say something new (seconds), if ever. */
  deadline?(): number | undefined;
  declare?(length: RunLength): void;
  /** The run's directory was looked at; only where a run is watched. Of rules about the whole run. */
  learn?(signs: RunSigns): Verdict;
  memory(): DetectorMemory;
}

/** Parses complete settings from partial ones; `shape` lets the config's schema be built from it. */
export type SettingsSchema<Settings> = z.ZodType<Settings> & {
  readonly shape: Readonly<Record<string, z.ZodType>>;
};

/** A rule is what can be wrong; bound to one series it is a detector. */
export interface Rule<Settings = unknown> {
  readonly id: string;
  /** Of a rule that is somebody's own code: says which, and changes with it. */
  readonly code?: string;
  readonly severity: Severity;
  /** Every field has a default (a limit that only a person can know may be absent); `enabled` is always among them. */
  readonly settings: SettingsSchema<Settings>;
  /** `run`: one detector for all series of a run, with empty split and tag; `series` unless said. */
  readonly scope?: "run";
  /** It tells a state of the run, which lists and the root of its thread show: never an alert of its own. */
  readonly isState?: true;
  /** What it judges: scalars unless said; of histograms a detector may read `point.histogram`. */
  readonly input?: "histograms" | "both";
  /** Whether the detector reads `past`; series without such a rule keep none. */
  readonly looksBack?: true;
  /** Upper bound of a detector's memory in bytes. */
  readonly memoryBound: number;
  /** One sentence for `/tb rules` and the docs. */
  readonly summary: Readonly<Record<Locale, string>>;
  /** What happened, from the evidence: the headline of an alert without the run's name. Plain text; names in it are untrusted. */
  readonly say: (evidence: Evidence, locale: Locale, labels: SeriesLabels) => string;
  appliesTo(labels: SeriesLabels): boolean;
  hold?(settings: Settings): Hold;
  /** Memory of another version or none at all: the detector starts anew; damaged memory throws. Memory does not depend on settings. */
  detector(settings: Settings, labels: SeriesLabels, memory?: DetectorMemory): Detector;
}

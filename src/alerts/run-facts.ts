import type { Damage } from "../eventlog/damage.js";
import type { SeriesKey } from "../series/run.js";

/** What the product remembers of a run beside its curves; written with every commit. Wall times in seconds by the writer's clock, `At` in milliseconds by ours. */
export interface RunFacts {
  /** `history` while the first pass over a new watch reads what was there before anybody asked: nothing is said of it. */
  readonly phase: "history" | "live";
  readonly points: number;
  readonly firstWallTime: number;
  readonly lastWallTime: number;
  readonly lastArrivalAt: number;
  /** When its newest point was read: older ones that come late do not move it. */
  readonly newestArrivalAt?: number;
  readonly hparams: Readonly<Record<string, string | number | boolean>>;
  /** The newest findings, bounded; `damaged` counts all. */
  readonly damage: readonly (Damage & { readonly logRun: string })[];
  readonly damaged: number;
  /** Ids of open episodes that a mute, an inhibition or the daily budget kept quiet; said when the reason ends. */
  readonly unsaid: readonly string[];
  /** Critical episodes that were said and wait for somebody to take them, and since when; absent where none can be pressed. */
  readonly pressing?: readonly { readonly episode: string; readonly since: number }[];
  /** Alert posts on `day` (days since 1970, UTC): the budget against storms. */
  readonly posts: { readonly day: number; readonly count: number };
  /** Log run -> split: what the run is made of. */
  readonly logRuns: Readonly<Record<string, string>>;
  /** When (ms) its last declared step was read; absent where the run declares no length or has not reached it. */
  readonly finishedAt?: number;
  /** What is known of its end, by the rule whose episode is open; absent while it goes on or nobody knows. */
  readonly outcome?: RunOutcome;
  /** Wall time up to which it was judged quietly or under another name: what opened until then is not said. */
  readonly quietUpTo?: number;
  /** Splits seen and open episodes, so that lists need not read the whole run. */
  readonly splits: readonly string[];
  readonly open: number;
  /** Where the run went back to after a restart, newest last, bounded. */
  readonly restarts: readonly { readonly step: number; readonly at: number }[];
}

/** The rules that tell how a run ended, the weightiest word first. */
export const runOutcomes = ["crashed", "finished", "silent"] as const;
export type RunOutcome = (typeof runOutcomes)[number];

export const newRunFacts: RunFacts = {
  phase: "history",
  points: 0,
  firstWallTime: Number.NaN,
  lastWallTime: Number.NaN,
  lastArrivalAt: 0,
  hparams: {},
  damage: [],
  damaged: 0,
  unsaid: [],
  posts: { day: 0, count: 0 },
  logRuns: {},
  splits: [],
  open: 0,
  restarts: [],
};

/** One series as lists show it. */
export interface SeriesFacts {
  readonly key: SeriesKey;
  readonly logRun: string;
  readonly points: number;
  readonly last: { readonly step: number; readonly wallTime: number; readonly value: number };
  /** Over finite values; NaN before the first. */
  readonly min: number;
  readonly max: number;
  readonly nonFinite: number;
}

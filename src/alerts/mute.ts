import { matchesGlob } from "../lib/glob.js";
import type { RunId } from "../series/run.js";

/** A person's decision not to hear of something until `until`; expired is a function of now, never stored. Milliseconds. */
export interface Mute {
  readonly id: string;
  readonly target:
    | { readonly kind: "run"; readonly run: RunId }
    | { readonly kind: "rule"; readonly rule: string }
    /** Runs whose name matches the pattern, those to come too. */
    | { readonly kind: "group"; readonly runs: string };
  readonly until: number;
  readonly author: string;
  readonly at: number;
}

export interface Mutable {
  readonly run: RunId;
  /** The run's name. */
  readonly name: string;
  readonly rule: string;
}

export function isMuted(mutes: readonly Mute[], about: Mutable, now: number): Mute | undefined {
  return mutes.find((mute) => mute.until > now && mute.at <= now && concerns(mute.target, about));
}

/** Whether a run as a whole is quiet, be it by its own mute or its group's. */
export function isRunMuted(
  mutes: readonly Mute[],
  about: Omit<Mutable, "rule">,
  now: number,
): Mute | undefined {
  return mutes
    .filter(({ until, target }) => until > now && target.kind !== "rule" && concerns(target, about))
    .sort((one, other) => other.until - one.until)[0];
}

function concerns(target: Mute["target"], about: Omit<Mutable, "rule"> & Partial<Mutable>): boolean {
  switch (target.kind) {
    case "run":
      return target.run === about.run;
    case "rule":
      return target.rule === about.rule;
    case "group":
      return matchesGlob(target.runs, about.name);
  }
}

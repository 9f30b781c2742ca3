import type { RunId } from "../series/run.js";

/** A person's decision not to hear of something until `until`; expired is a function of now, never stored. Milliseconds. */
export interface Mute {
  readonly id: string;
  readonly target:
    { readonly kind: "run"; readonly run: RunId } | { readonly kind: "rule"; readonly rule: string };
  readonly until: number;
  readonly author: string;
  readonly at: number;
}

export function isMuted(
  mutes: readonly Mute[],
  about: { readonly run: RunId; readonly rule: string },
  now: number,
): Mute | undefined {
  return mutes.find(
    (mute) =>
      mute.until > now &&
      mute.at <= now &&
      (mute.target.kind === "run" ? mute.target.run === about.run : mute.target.rule === about.rule),
  );
}

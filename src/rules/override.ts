import type { RunId, WatchId } from "../series/run.js";

/** Whose runs a setting made in chat is about; `group`: those whose name matches a pattern. */
export type OverrideScope =
  | { readonly kind: "everyone" }
  | { readonly kind: "watch"; readonly watch: WatchId }
  | { readonly kind: "group"; readonly runs: string }
  | { readonly kind: "run"; readonly run: RunId };

/** A setting that a person made in chat: stored with author and time, undone by its id. The most specific scope wins. */
export interface SettingsOverride {
  readonly id: string;
  readonly scope: OverrideScope;
  readonly rule: string;
  /** Exact tags the override speaks of; absent = wherever the rule applies. */
  readonly tags?: readonly string[];
  readonly split?: string;
  /** Parsed again by the rule's own schema, merged over the config's settings. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly enabled?: boolean;
  readonly author: string;
  /** Milliseconds. */
  readonly at: number;
}

export function sameScope(one: OverrideScope, other: OverrideScope): boolean {
  switch (one.kind) {
    case "everyone":
      return other.kind === "everyone";
    case "watch":
      return other.kind === "watch" && one.watch === other.watch;
    case "group":
      return other.kind === "group" && one.runs === other.runs;
    case "run":
      return other.kind === "run" && one.run === other.run;
  }
}

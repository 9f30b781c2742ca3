import type { RunId } from "../series/run.js";

/** A setting that a person made in chat: stored with author and time, undone by its id. The most specific scope wins. */
export interface SettingsOverride {
  readonly id: string;
  readonly scope: { readonly kind: "everyone" } | { readonly kind: "run"; readonly run: RunId };
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

import { matchesGlob } from "../lib/glob.js";
import type { Direction, MetricKind, Phase } from "./labels.js";

/** What a person says about tags that match a pattern (`*` = anything); it wins over what the name suggests. */
export interface MetricOverride {
  readonly kind?: MetricKind | undefined;
  readonly phase?: Phase | undefined;
  readonly direction?: Direction | undefined;
}

/** By tag pattern, or `split:tag` pattern; of several that match, later ones win field by field. */
export type MetricOverrides = Readonly<Record<string, MetricOverride>>;

export function metricOverrideFor(overrides: MetricOverrides, split: string, tag: string): MetricOverride {
  let merged: MetricOverride = {};
  for (const [pattern, override] of Object.entries(overrides)) {
    if (!matchesGlob(pattern, tag) && !matchesGlob(pattern, `${split}:${tag}`)) continue;
    merged = {
      kind: override.kind ?? merged.kind,
      phase: override.phase ?? merged.phase,
      direction: override.direction ?? merged.direction,
    };
  }
  return merged;
}

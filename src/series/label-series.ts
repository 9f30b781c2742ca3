import type { Phase, SeriesLabels } from "./labels.js";
import { directionOf, metricKindOf } from "./metric-kind.js";
import { type MetricOverrides, metricOverrideFor } from "./metric-overrides.js";
import { metricWords } from "./metric-words.js";
import type { Run } from "./run.js";

export interface SeriesName {
  readonly run: Run;
  readonly split: string;
  readonly tag: string;
}

/** Labels of a series from the names of its split and tag, corrected by what the config says. */
export function labelSeries(name: SeriesName, overrides: MetricOverrides = {}): SeriesLabels {
  const said = metricOverrideFor(overrides, name.split, name.tag);
  const tag = name.tag.slice(-longestName);
  const kind = said.kind ?? metricKindOf(tag);
  return {
    ...name,
    kind,
    phase:
      said.phase ?? phaseOf([...tag.split("/").reverse(), name.split, name.run.name.split("/").at(-1) ?? ""]),
    direction: said.direction ?? directionOf(kind, tag),
  };
}

/** The tag's own words win over the split's, its last path part over those before it, all of them over the run's name. */
function phaseOf(parts: readonly string[]): Phase {
  for (const part of parts) {
    const word = metricWords(part.slice(-longestName)).find((candidate) => phases.has(candidate));
    if (word !== undefined) return phases.get(word) ?? "unknown";
  }
  return parts.includes("metrics") ? "validation" : "unknown";
}

/** Characters of a name that are looked at, from its end. */
const longestName = 512;
export const phases: ReadonlyMap<string, Phase> = new Map([
  ...["train", "training", "trn", "rollout", "batch", "训练"].map((word) => [word, "train"] as const),
  ...["val", "valid", "validation", "eval", "evaluation", "test", "testing", "dev", "验证", "测试"].map(
    (word) => [word, "validation"] as const,
  ),
]);

import { covers, matches } from "../rules/own-rules.js";
import type { OwnRule } from "../rules/own-rules-schema.js";
import type { SeriesLabels } from "../series/labels.js";
import { printable } from "./print.js";

/** A line for each metric of an own rule that no series fits: such a rule never judges, and nothing else would say so. */
export function idleMetrics(
  rules: Readonly<Record<string, OwnRule>>,
  series: readonly SeriesLabels[],
): readonly string[] {
  return Object.entries(rules).flatMap(([id, { metrics, runs }]) => {
    const judged = series.filter((labels) => labels.tag !== "" && covers(runs, labels.run.name));
    return metrics.flatMap(({ name, pattern }) => {
      if (judged.some((labels) => matches(pattern, labels))) return [];
      const tags = printable(pattern.tags.join(", "));
      const splits = pattern.splits === undefined ? "" : ` of split ${printable(pattern.splits.join(", "))}`;
      const metric = name === "value" ? "its metric" : `its metric ${name}`;
      return [`own rule ${id} judges nothing here: no series fits ${metric} (${tags}${splits})`];
    });
  });
}

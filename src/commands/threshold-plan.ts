import { shortHash } from "../lib/short-hash.js";
import type { SettingsOverride } from "../rules/override.js";
import type { RuleId } from "../rules/rule-registry.js";
import type { SeriesLabels } from "../series/labels.js";
import type { SeriesSummary } from "./context.js";
import type { ThresholdRequest } from "./threshold-words.js";

type SetRequest = Extract<ThresholdRequest, { kind: "set" }>;

export interface PlanInput {
  readonly request: SetRequest;
  readonly series: readonly SeriesSummary[];
  /** The metric's name chose a split as well: the override keeps to it. */
  readonly narrow: boolean;
  readonly scope: SettingsOverride["scope"];
  readonly author: string;
  readonly at: number;
}

/** Overrides that do what was asked, one for each rule (and split, where the name chose one); none where no rule fits. */
export function planThreshold(input: PlanInput): readonly SettingsOverride[] {
  const groups = new Map<string, { rule: RuleId; split: string | undefined; tags: Set<string> }>();
  for (const { labels } of input.series) {
    const rule = input.request.op === undefined ? trendRuleFor(labels) : "threshold";
    if (rule === undefined) continue;
    const split = input.narrow ? labels.split : undefined;
    const key = JSON.stringify([rule, split]);
    const group = groups.get(key) ?? { rule, split, tags: new Set() };
    group.tags.add(labels.tag);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ rule, split, tags }) => {
    const place = {
      scope: input.scope,
      rule,
      tags: [...tags].sort(),
      ...(split === undefined ? {} : { split }),
    };
    return {
      // A stable id of the place: saying it again replaces, and the undo command stays the same.
      id: `t${shortHash(JSON.stringify(place), 6)}`,
      ...place,
      settings: settingsOf(input.request),
      enabled: true,
      author: input.author,
      at: input.at,
    };
  });
}

/** Which trend rule a plain number means for a series: the rise where lower is better, the drop where higher is. */
function trendRuleFor({ direction }: SeriesLabels): RuleId | undefined {
  if (direction === "lower") return "consecutive_rise";
  return direction === "higher" ? "consecutive_drop" : undefined;
}

function settingsOf({ op, value, points }: SetRequest): Readonly<Record<string, unknown>> {
  if (op === undefined)
    return points === undefined ? { min_total: value } : { min_total: value, count: points };
  return { op, value, for: points ?? 1 };
}

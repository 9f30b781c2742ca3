import { originWords } from "../commands/origin-words.js";
import { originOf, type RuleSettings, settingsOfRule } from "../rules/effective-settings.js";
import type { Rule } from "../rules/rule.js";
import { isRuleId } from "../rules/rule-registry.js";
import type { SeriesLabels } from "../series/labels.js";
import { runIdOf } from "../series/run.js";

/** One setting in force, and the entry of the configuration that it came from; `default` or `own rule` where none wrote it. */
export interface SettingOrigin {
  readonly name: string;
  readonly value: unknown;
  readonly from: string;
}

export interface RuleInForce {
  readonly rule: string;
  /** What it looks for, of a rule of one's own. */
  readonly summary?: string;
  readonly settings: readonly SettingOrigin[];
}

/** A rule's settings for one series with their origins; undefined where it does not judge the series. */
export function ruleInForce(
  rule: Rule,
  labels: SeriesLabels,
  settings: RuleSettings,
): RuleInForce | undefined {
  const effective = settingsOfRule({ settings, run: runIdOf(labels.run), labels }, rule);
  if (!effective.enabled) return undefined;
  const isOwn = !isRuleId(rule.id);
  return {
    rule: rule.id,
    ...(isOwn ? { summary: rule.summary.en } : {}),
    settings: Object.entries(effective.settings).map(([name, value]) => {
      const origin = originOf(effective, name);
      const nobody = isOwn ? "own rule" : "default";
      return { name, value, from: origin.kind === "default" ? nobody : originWords(origin, "en") };
    }),
  };
}

import type { RuleSettings } from "./effective-settings.js";
import { ruleIds, ruleOf } from "./rule-registry.js";

/** Whether any rule of histograms may judge somewhere: else they need not be read. */
export function wantsHistograms({ rules, overrides }: RuleSettings): boolean {
  return ruleIds.some((id) => {
    if (ruleOf(id).input !== "histograms") return false;
    const entries = rules[id] ?? [];
    if (entries.length === 0 && id === "variance") return overrides.some(({ rule }) => rule === id);
    const somewhere = entries.filter(({ tags, splits, runs, watches }) => tags ?? splits ?? runs ?? watches);
    const everywhere = entries.findLast((entry) => !somewhere.includes(entry) && "enabled" in entry.settings);
    return (
      everywhere?.settings["enabled"] !== false ||
      somewhere.length > 0 ||
      overrides.some(({ rule }) => rule === id)
    );
  });
}

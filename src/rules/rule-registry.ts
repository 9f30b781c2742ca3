import { consecutiveDrop } from "./builtin/consecutive-drop.js";
import { consecutiveRise } from "./builtin/consecutive-rise.js";
import { nonFinite } from "./builtin/non-finite.js";
import { stalled } from "./builtin/stalled.js";
import { threshold } from "./builtin/threshold.js";
import type { Rule } from "./rule.js";

/** Every rule by its id, in the order they judge; configuration, docs and contract tests are read from here. */
export const ruleRegistry = {
  non_finite: nonFinite,
  consecutive_rise: consecutiveRise,
  consecutive_drop: consecutiveDrop,
  threshold,
  stalled,
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof ruleRegistry;

export const ruleIds = Object.keys(ruleRegistry) as readonly RuleId[];

export function isRuleId(id: string): id is RuleId {
  return Object.hasOwn(ruleRegistry, id);
}

/** The rule of an id, its settings' type forgotten. */
export function ruleOf(id: RuleId): Rule {
  return ruleRegistry[id];
}

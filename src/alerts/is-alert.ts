import { isRuleId, ruleOf } from "../rules/rule-registry.js";
import type { Episode } from "./episode.js";

/** Whether an episode is something to tell: not one still pending, nor a state of the run, which lists and the root show. */
export function isAlert({ rule, state }: Pick<Episode, "rule" | "state">): boolean {
  return state !== "pending" && !(isRuleId(rule) && ruleOf(rule).isState === true);
}

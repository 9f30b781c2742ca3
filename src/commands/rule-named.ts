import type { Rule } from "../rules/rule.js";
import { isRuleId, ruleOf } from "../rules/rule-registry.js";
import type { CommandContext } from "./context.js";
import { folded } from "./grammar.js";

/** The rule that words name by its id, those of one's own among them: `consecutive rise`, `consecutive-rise` and `Consecutive_Rise` are one. */
export async function ruleNamed(
  words: readonly string[],
  { ownRules }: Pick<CommandContext, "ownRules">,
): Promise<Rule | undefined> {
  const id = folded(words.join("_")).replaceAll("-", "_");
  if (isRuleId(id)) return ruleOf(id);
  return id === "" ? undefined : (await ownRules()).find((rule) => rule.id === id);
}

import type { Rule } from "../rules/rule.js";
import { isRuleId, ruleIds, ruleOf } from "../rules/rule-registry.js";
import type { Reply } from "./command.js";
import type { CommandContext } from "./context.js";
import { findRun } from "./find-run.js";
import { folded } from "./grammar.js";
import { nearest } from "./nearest.js";
import { phrase } from "./phrase.js";
import { code, problem, text } from "./reply.js";
import { shown } from "./shown.js";

/** The rule that words name by its id, those of one's own among them: `consecutive rise`, `consecutive-rise` and `Consecutive_Rise` are one. */
export async function ruleNamed(
  words: readonly string[],
  { ownRules }: Pick<CommandContext, "ownRules">,
): Promise<Rule | undefined> {
  const id = idOf(words);
  if (isRuleId(id)) return ruleOf(id);
  return id === "" ? undefined : (await ownRules()).find((rule) => rule.id === id);
}

/** The reply where words name no run, but nearly a rule. */
export async function nearlyRule(
  words: readonly string[],
  { ownRules, runs, locale }: Pick<CommandContext, "ownRules" | "runs" | "locale">,
): Promise<Reply | undefined> {
  if (findRun(await runs.list(), words.join(" ")).kind !== "unknown") return undefined;
  const own = (await ownRules()).map(({ id }) => id);
  const near = nearest(idOf(words), [...ruleIds, ...own], 2);
  if (words.length === 0 || near.length === 0) return undefined;
  const name = shown(words.join(" "));
  return problem(
    phrase(locale, `No run or rule is called "${name}".`, `没有名为“${name}”的运行或规则。`),
    text(
      phrase(locale, "Did you mean ", "是不是要找 "),
      ...near.flatMap((id, at) => [...(at > 0 ? [phrase(locale, " or ", " 或 ")] : []), code(id)]),
      phrase(locale, "?", "？"),
    ),
  );
}

function idOf(words: readonly string[]): string {
  return folded(words.join("_")).replaceAll("-", "_");
}

import type { Mute } from "../alerts/mute.js";
import type { Reply } from "./command.js";
import type { CommandContext } from "./context.js";
import { phrase } from "./phrase.js";
import { nearlyRule, ruleNamed } from "./rule-named.js";
import { shown } from "./shown.js";
import { runWord, whichRun } from "./which-run.js";

export type MuteTarget =
  | {
      readonly kind: "target";
      readonly target: Mute["target"];
      /** As a sentence names it, and as a command does. */
      readonly name: string;
      readonly word: string;
    }
  | { readonly kind: "none" }
  | { readonly kind: "problem"; readonly reply: Reply };

/** What is to be quiet: a rule by its id, else a run; without words the run of this thread. */
export async function muteTarget(words: readonly string[], context: CommandContext): Promise<MuteTarget> {
  const rule = (await ruleNamed(words, context))?.id;
  if (rule !== undefined) {
    const name = phrase(context.locale, `rule ${rule}`, `规则 ${rule}`);
    return { kind: "target", target: { kind: "rule", rule }, name, word: rule };
  }
  const which = await whichRun(words, context);
  if (which.kind === "problem") {
    return { kind: "problem", reply: (await nearlyRule(words, context)) ?? which.reply };
  }
  if (which.kind === "none") return which;
  return {
    kind: "target",
    target: { kind: "run", run: which.run.id },
    name: shown(which.run.run.name),
    word: runWord(which.run),
  };
}

export function sameTarget(one: Mute["target"], other: Mute["target"]): boolean {
  if (one.kind === "run") return other.kind === "run" && one.run === other.run;
  return other.kind === "rule" && one.rule === other.rule;
}

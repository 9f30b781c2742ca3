import type { Mute } from "../alerts/mute.js";
import { matchesGlob } from "../lib/glob.js";
import type { Reply } from "./command.js";
import type { CommandContext } from "./context.js";
import { offer } from "./offer.js";
import { phrase } from "./phrase.js";
import { nearlyRule, ruleNamed } from "./rule-named.js";
import { refusal } from "./refusal.js";
import { code, problem, text } from "./reply.js";
import { quoted, shown } from "./shown.js";
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

/** What is to be quiet: a group by a pattern, a rule by its id, else a run; without words the run of this thread. A group takes an admin. */
export async function muteTarget(words: readonly string[], context: CommandContext): Promise<MuteTarget> {
  const pattern = words.join(" ");
  if (pattern.includes("*")) return groupTarget(pattern, context);
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

async function groupTarget(pattern: string, context: CommandContext): Promise<MuteTarget> {
  const { locale, runs, mutes } = context;
  const refused = refusal("administer", context);
  if (refused !== undefined) return { kind: "problem", reply: refused };
  const target = { kind: "group" as const, runs: pattern };
  const count = (await runs.list()).filter(({ run }) => matchesGlob(pattern, run.name)).length;
  // A group whose runs are all gone can still be heard again.
  const isKnown = count > 0 || (await mutes.list()).some((mute) => sameTarget(mute.target, target));
  if (!isKnown || pattern.length > longestPattern) {
    const name = shown(pattern);
    const sentence = phrase(locale, `No run matches "${name}".`, `没有与“${name}”匹配的运行。`);
    return { kind: "problem", reply: problem(sentence, text(code(offer(locale, "runs")))) };
  }
  const name = phrase(
    locale,
    `${shown(pattern)} (${count === 1 ? "1 run now" : `${count} runs now`})`,
    `${shown(pattern)}（目前 ${count} 个运行）`,
  );
  return { kind: "target", target, name, word: quoted(pattern) };
}

const longestPattern = 200;

export function sameTarget(one: Mute["target"], other: Mute["target"]): boolean {
  switch (one.kind) {
    case "run":
      return other.kind === "run" && one.run === other.run;
    case "rule":
      return other.kind === "rule" && one.rule === other.rule;
    case "group":
      return other.kind === "group" && one.runs === other.runs;
  }
}

import { matchesGlob } from "../lib/glob.js";
import { formatAgo } from "../message/format-time.js";
import type { Block, Text } from "../message/message.js";
import { sameScope, type SettingsOverride } from "../rules/override.js";
import type { Reply } from "./command.js";
import type { CommandContext, RunSummary } from "./context.js";
import { effectiveTable } from "./effective-table.js";
import { settingsWords, tagWords } from "./override-words.js";
import { offer, ownWord } from "./offer.js";
import { phrase } from "./phrase.js";
import { code, message, note, text, toEverybody } from "./reply.js";
import { shown } from "./shown.js";
import { type Whose, scopeWord, whoseRuns } from "./whose-runs.js";

const mostListed = 15;

/** The thresholds in force for a run, or, without one, what people set for everyone. */
export async function showThresholds(words: readonly string[], context: CommandContext): Promise<Reply> {
  const named = await whoseRuns(words, context);
  if (named.kind === "problem") return named.reply;
  const { run, scope, name = phrase(context.locale, "everyone's runs", "所有运行") } = named.whose;
  const { locale, overrides } = context;
  const held = (await overrides.list()).filter((one) => concerns(one, named.whose));
  const newest = [...held].sort((a, b) => b.at - a.at);
  const blocks = [
    ...(run === undefined ? [] : await inForce(run, context)),
    ...(await settings(newest, context)),
    note(
      phrase(locale, "Set: ", "设置："),
      code(offer(locale, "threshold", "loss", "0.05")),
      phrase(locale, " or ", " 或 "),
      code(offer(locale, "threshold", "loss", ">", "2.5", ownWord(locale, "for"), "3")),
      ...(scope.kind === "everyone"
        ? [phrase(locale, "; of one run: ", "；单个运行："), code(offer(locale, ["threshold", "<run>"]))]
        : []),
    ),
  ];
  return toEverybody(message("info", phrase(locale, `Thresholds of ${name}`, `${name}的阈值`), blocks));
}

/** Without a run or group every setting is shown; of a run those that touch it, of a group or watch those made for it. */
function concerns({ scope }: SettingsOverride, { scope: asked, run }: Whose): boolean {
  if (asked.kind === "everyone" || scope.kind === "everyone") return true;
  if (run === undefined) return sameScope(scope, asked);
  if (scope.kind === "group") return matchesGlob(scope.runs, run.run.name);
  return scope.kind === "watch" ? scope.watch === run.run.watch : scope.run === run.id;
}

async function inForce(run: RunSummary, context: CommandContext): Promise<readonly Block[]> {
  const effective = await context.effectiveRules(run.id);
  const trends = new Set(["consecutive_rise", "consecutive_drop", "threshold"]);
  return effectiveTable(
    effective.filter(({ rule }) => trends.has(rule)),
    [],
    context.locale,
  );
}

async function settings(
  held: readonly SettingsOverride[],
  context: CommandContext,
): Promise<readonly Block[]> {
  const { locale } = context;
  if (held.length === 0) {
    return [text(phrase(locale, "Nothing was set in chat.", "会话中未设置任何阈值。"))];
  }
  const more = held.length - mostListed;
  return [
    text(phrase(locale, "Set in chat:", "会话中的设置：")),
    {
      kind: "list",
      items: await Promise.all(held.slice(0, mostListed).map((one) => line(one, context))),
    },
    ...(more > 0
      ? [note(phrase(locale, `${more} older ones are not shown.`, `另有 ${more} 条较早的未显示。`))]
      : []),
  ];
}

async function line(override: SettingsOverride, context: CommandContext): Promise<Text> {
  const { locale, now } = context;
  const word = await scopeWord(override.scope, context);
  const whose = word === undefined ? phrase(locale, "everyone", "所有运行") : shown(word, 60);
  const by = `${shown(override.author)}, ${formatAgo(override.at, now, locale)}`;
  return [
    { kind: "strong", text: tagWords(override, locale) },
    `${phrase(locale, ": ", "：")}${settingsWords(override.rule, override.settings, locale)} · ${whose} · ${by} · `,
    code(offer(locale, ["threshold", "reset"], override.id)),
  ];
}

import { formatAgo } from "../message/format-time.js";
import type { Block, Text } from "../message/message.js";
import type { SettingsOverride } from "../rules/override.js";
import type { Reply } from "./command.js";
import type { CommandContext, RunSummary } from "./context.js";
import { effectiveTable } from "./effective-table.js";
import { settingsWords, tagWords } from "./override-words.js";
import { phrase } from "./phrase.js";
import { code, message, note, text, toEverybody } from "./reply.js";
import { shown } from "./shown.js";
import { whichRun } from "./which-run.js";

const mostListed = 15;

/** The thresholds in force for a run, or, without one, what people set for everyone. */
export async function showThresholds(words: readonly string[], context: CommandContext): Promise<Reply> {
  const which = await whichRun(words, context);
  if (which.kind === "problem") return which.reply;
  const run = which.kind === "run" ? which.run : undefined;
  const { locale, overrides } = context;
  const held = (await overrides.list()).filter(
    ({ scope }) => scope.kind === "everyone" || scope.run === run?.id,
  );
  const newest = [...held].sort((a, b) => b.at - a.at);
  const name = run === undefined ? phrase(locale, "everyone's runs", "所有运行") : shown(run.run.name);
  const blocks = [
    ...(run === undefined ? [] : await inForce(run, context)),
    ...settings(newest, context),
    note(
      phrase(locale, "Set: ", "设置："),
      code("/tb threshold loss 0.05"),
      phrase(locale, " or ", " 或 "),
      code("/tb threshold loss > 2.5 for 3"),
      ...(run === undefined
        ? [phrase(locale, "; of one run: ", "；单个运行："), code("/tb threshold <run>")]
        : []),
    ),
  ];
  return toEverybody(message("info", phrase(locale, `Thresholds of ${name}`, `${name} 的阈值`), blocks));
}

async function inForce(run: RunSummary, context: CommandContext): Promise<readonly Block[]> {
  const effective = await context.effectiveRules(run.id);
  const trends = new Set(["consecutive_rise", "consecutive_drop", "threshold"]);
  return effectiveTable(
    effective.filter(({ rule }) => trends.has(rule)),
    context.locale,
  );
}

function settings(held: readonly SettingsOverride[], context: CommandContext): readonly Block[] {
  const { locale } = context;
  if (held.length === 0) {
    return [text(phrase(locale, "Nothing was set in chat.", "会话中未设置任何阈值。"))];
  }
  const more = held.length - mostListed;
  return [
    text(phrase(locale, "Set in chat:", "会话中的设置：")),
    { kind: "list", items: held.slice(0, mostListed).map((one) => line(one, context)) },
    ...(more > 0
      ? [note(phrase(locale, `${more} older ones are not shown.`, `另有 ${more} 条较早的未显示。`))]
      : []),
  ];
}

function line(override: SettingsOverride, { locale, now }: CommandContext): Text {
  const whose =
    override.scope.kind === "everyone"
      ? phrase(locale, "everyone", "所有运行")
      : phrase(locale, "this run", "此运行");
  const by = `${shown(override.author)}, ${formatAgo(override.at, now, locale)}`;
  return [
    { kind: "strong", text: tagWords(override, locale) },
    `${phrase(locale, ": ", "：")}${settingsWords(override.rule, override.settings, locale)} · ${whose} · ${by} · `,
    code(`/tb threshold reset ${override.id}`),
  ];
}

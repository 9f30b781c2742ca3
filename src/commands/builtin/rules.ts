import type { Command, Reply } from "../command.js";
import type { CommandContext, RunSummary } from "../context.js";
import { effectiveTable } from "../effective-table.js";
import { severityWord } from "../episode-line.js";
import { muteList } from "../mute-list.js";
import { plainSettings } from "../override-words.js";
import { offer, ownWord } from "../offer.js";
import { phrase } from "../phrase.js";
import { code, message, note, text, toEverybody } from "../reply.js";
import type { Text } from "../../message/message.js";
import type { Rule } from "../../rules/rule.js";
import { ruleIds, ruleOf } from "../../rules/rule-registry.js";
import { nearlyRule, ruleNamed } from "../rule-named.js";
import { shown } from "../shown.js";
import { whichRun } from "../which-run.js";

export const rules: Command = {
  name: "rules",
  aliases: ["rule", "规则"],
  usage: { en: "/tb rules [run|rule]", zh: "/tb 规则 [运行|规则]" },
  summary: {
    en: "What is watched for, with the settings in force and where they come from.",
    zh: "查看检测规则、生效的设置及其来源。",
  },
  needs: "read",
  async run(words, context) {
    const rule = await ruleNamed(words, context);
    if (rule !== undefined) return one(rule, context);
    const which = await whichRun(words, context);
    if (which.kind === "problem") return (await nearlyRule(words, context)) ?? which.reply;
    return which.kind === "run" ? ofRun(which.run, context) : catalogue(context);
  },
};

async function ofRun(run: RunSummary, context: CommandContext): Promise<Reply> {
  const { locale } = context;
  const table = effectiveTable(await context.effectiveRules(run.id), await context.ownRules(), locale);
  return toEverybody(
    message(
      "info",
      phrase(locale, `Rules in force for ${shown(run.run.name)}`, `${shown(run.run.name)} 生效的规则`),
      [
        ...(table.length === 0 ? [text(phrase(locale, "None yet.", "暂无。"))] : table),
        ...(await quiet(context)),
        note(phrase(locale, "Change: ", "修改："), code(offer(locale, ["threshold", "<metric>", "<value>"]))),
      ],
    ),
  );
}

async function catalogue(context: CommandContext): Promise<Reply> {
  const { locale } = context;
  const own = await context.ownRules();
  const count = ruleIds.length + own.length;
  const item = ({ id, severity, summary }: Rule): Text => [
    code(id),
    ` (${severityWord(severity, locale)}) ${shown(summary[locale], 200)}`,
  ];
  return toEverybody(
    message("info", phrase(locale, `${count} rules`, `${count} 条规则`), [
      { kind: "list", items: ruleIds.map((id) => item(ruleOf(id))) },
      ...(own.length === 0
        ? []
        : [
            text(phrase(locale, "Of your own:", "自定义规则：")),
            { kind: "list" as const, items: own.slice(0, mostOwn).map(item) },
            ...(own.length > mostOwn ? [note(`… +${own.length - mostOwn}`)] : []),
          ]),
      ...(await quiet(context)),
      note(
        phrase(locale, "Settings of one: ", "单条规则的设置："),
        code(offer(locale, ["rules", "<rule>"])),
        phrase(locale, "; in force for a run: ", "；某个运行生效的设置："),
        code(offer(locale, ["rules", "<run>"])),
      ),
    ]),
  );
}

const mostOwn = 30;

async function one(rule: Rule, context: CommandContext): Promise<Reply> {
  const { locale } = context;
  const { id } = rule;
  const defaults = rule.settings.safeParse({});
  const set = (await context.overrides.list()).filter((override) => override.rule === id).length;
  return toEverybody(
    message("info", `${id} · ${severityWord(rule.severity, locale)}`, [
      text(shown(rule.summary[locale], 300)),
      {
        kind: "facts",
        facts: [
          {
            label: phrase(locale, "defaults", "默认设置"),
            value: [defaults.success ? plainSettings(settingsOf(defaults.data)) : "–"],
          },
          { label: phrase(locale, "set in chat", "会话中的设置"), value: [String(set)] },
        ],
      },
      note(
        phrase(locale, "Quiet for a while: ", "暂时静音："),
        code(offer(locale, "mute", id, ownWord(locale, "2h"))),
        phrase(locale, "; settings: ", "；设置："),
        code(offer(locale, "threshold")),
      ),
    ]),
  );
}

function settingsOf(parsed: unknown): Readonly<Record<string, unknown>> {
  return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
}

async function quiet(context: CommandContext) {
  const mutes = await muteList(context);
  return mutes.length === 0 ? [] : [text(phrase(context.locale, "Muted now:", "当前静音：")), ...mutes];
}

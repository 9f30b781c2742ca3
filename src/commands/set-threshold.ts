import type { Locale } from "../lib/locale.js";
import type { Block } from "../message/message.js";
import type { SettingsOverride } from "../rules/override.js";
import { isRuleId, ruleOf } from "../rules/rule-registry.js";
import { authorOf } from "./author.js";
import type { Reply } from "./command.js";
import type { CommandContext, Fired, Rehearsal } from "./context.js";
import { findMetric } from "./find-metric.js";
import { noMetric } from "./no-metric.js";
import { setCommand, settingsWords, tagWords } from "./override-words.js";
import { offer } from "./offer.js";
import { phrase } from "./phrase.js";
import { code, message, note, problem, text, toEverybody } from "./reply.js";
import { quoted, shown } from "./shown.js";
import { planThreshold } from "./threshold-plan.js";
import { refusalOfThreshold, seriesInScope } from "./threshold-scope.js";
import type { ThresholdRequest } from "./threshold-words.js";
import { type Whose, whoseRuns } from "./whose-runs.js";

/** More settings made in chat than this belong in the config. */
export const mostOverrides = 500;

type SetRequest = Extract<ThresholdRequest, { kind: "set" }>;

/** Stores what was asked, after saying what it would have done; in a run's thread that run's, elsewhere everyone's. */
export async function setThreshold(asked: SetRequest, context: CommandContext): Promise<Reply> {
  const named = await whoseRuns(asked.run, context);
  if (named.kind === "problem") return named.reply;
  const { whose } = named;
  const { scope } = whose;
  const refused = refusalOfThreshold(scope, context);
  if (refused !== undefined) return refused;
  const { runs, series } = await seriesInScope(whose.runs, context);
  const found = findMetric(series, asked.metric);
  if (found.kind === "unknown") {
    const missing = { query: asked.metric, nearest: found.nearest, series };
    return noMetric(whose.run === undefined ? missing : { ...missing, run: whose.run.run.name }, context);
  }
  const planned = planThreshold({
    request: asked,
    series: found.series,
    narrow: found.by === "split",
    scope,
    author: authorOf(context.request.actor),
    at: context.now,
  });
  if (planned.length === 0) return needsSign(asked, context);
  if (planned.some((override) => !isAccepted(override))) return notAccepted(asked, context);
  const held = await context.overrides.list();
  if (held.length >= mostOverrides) return tooMany(context);
  const changes: Change[] = [];
  for (const override of planned) {
    const rehearsal = await context.rehearse(
      runs.map(({ id }) => id),
      override,
    );
    const before = await context.overrides.put(override);
    changes.push({ override, before, rehearsal });
  }
  return confirmation(whose, changes, context);
}

interface Change {
  readonly override: SettingsOverride;
  readonly before: SettingsOverride | undefined;
  readonly rehearsal: Rehearsal;
}

/** The rule's own schema has the last word on a value. */
function isAccepted({ rule, settings }: SettingsOverride): boolean {
  return isRuleId(rule) && ruleOf(rule).settings.safeParse(settings).success;
}

function confirmation(whose: Whose, changes: readonly Change[], context: CommandContext): Reply {
  const { locale } = context;
  const { name } = whose;
  const what = changes.map(({ override }) => settingsWords(override.rule, override.settings, locale));
  const author = shown(changes[0]?.override.author ?? "");
  return toEverybody(
    message(
      "info",
      phrase(
        locale,
        `Threshold set for ${name ?? "everyone's runs"}: ${what.join("; ")}`,
        `已为${name === undefined ? "所有运行" : ` ${name} `}设置阈值：${what.join("；")}`,
      ),
      [
        ...changes.flatMap((change) => changeBlocks(change, whose, context)),
        note(phrase(locale, `Set by ${author}.`, `由 ${author} 设置。`)),
      ],
    ),
  );
}

function changeBlocks(
  { override, before, rehearsal }: Change,
  whose: Whose,
  { locale }: CommandContext,
): readonly Block[] {
  return [
    {
      kind: "facts",
      facts: [
        { label: phrase(locale, "tags", "标签"), value: [tagWords(override, locale)] },
        { label: phrase(locale, "rule", "规则"), value: [code(override.rule)] },
        { label: phrase(locale, "on past runs", "历史回放"), value: [rehearsalWords(rehearsal, locale)] },
      ],
    },
    text(
      phrase(locale, "Undo: ", "撤销："),
      ...(before === undefined
        ? [code(offer(locale, ["threshold", "reset"], override.id))]
        : [
            code(setCommand(before, whose.word, locale)),
            phrase(locale, ` (as ${shown(before.author)} had it)`, `（恢复 ${shown(before.author)} 的设置）`),
            phrase(locale, "; none at all: ", "；完全取消："),
            code(offer(locale, ["threshold", "reset"], override.id)),
          ]),
    ),
  ];
}

function rehearsalWords(rehearsal: Rehearsal, locale: Locale): string {
  const { runs, before, after, shadowed } = rehearsal;
  if (runs === 0) return phrase(locale, "no past points to try it on", "没有可用于回放的历史数据");
  const fired = phrase(locale, inEnglish(runs, before, after), inChinese(runs, before, after));
  const said = fired + partlyWords(rehearsal, locale);
  if (shadowed === 0) return said;
  const kept = shadowed === runs ? phrase(locale, "all of them", "全部") : String(shadowed);
  const rules = offer(locale, ["rules", "<run>"]);
  return phrase(
    locale,
    `${said}; in ${kept} something more specific holds (${rules})`,
    `${said}；其中 ${kept} 个运行已有更具体的设置，不受影响（${rules}）`,
  );
}

/** Says that histories too long to be read at once were not looked at whole. */
function partlyWords({ runs, partly }: Rehearsal, locale: Locale): string {
  if (partly === 0) return "";
  if (runs === 1) return phrase(locale, ", by its newest points alone", "（仅依据最近的数据点）");
  return phrase(
    locale,
    `, of ${partly} of them by the newest points alone`,
    `（其中 ${partly} 个仅依据最近的数据点）`,
  );
}

/** `would have fired 5 times in 3 of 12 runs (before: 2 times in 1)`. */
function inEnglish(runs: number, before: Fired, after: Fired): string {
  const times = ({ alerts }: Fired): string => (alerts === 1 ? "once" : `${alerts} times`);
  const known = runs === 1 ? "1 run" : `${runs} runs`;
  const was = before.alerts === 0 ? "never" : `${times(before)}${runs === 1 ? "" : ` in ${before.runs}`}`;
  if (after.alerts === 0) return `would not have fired in ${known} (before: ${was})`;
  const where = runs === 1 ? known : `${after.runs} of ${known}`;
  return `would have fired ${times(after)} in ${where} (before: ${was})`;
}

/** `12 个运行中会在 3 个上共触发 5 次（之前：1 个上 2 次）`. */
function inChinese(runs: number, before: Fired, after: Fired): string {
  const was =
    before.alerts === 0 ? "未触发" : `${runs === 1 ? "" : `${before.runs} 个上 `}${before.alerts} 次`;
  if (after.alerts === 0) return `${runs} 个运行中均不会触发（之前：${was}）`;
  const where = runs === 1 ? "1 个运行中会" : `${runs} 个运行中会在 ${after.runs} 个上共`;
  return `${where}触发 ${after.alerts} 次（之前：${was}）`;
}

function needsSign({ metric, value }: SetRequest, { locale }: CommandContext): Reply {
  return problem(
    phrase(
      locale,
      `Whether ${shown(metric)} should rise or fall is not known; give a limit with a sign.`,
      `无法判断 ${shown(metric)} 应升还是应降；请用比较符号给出限值。`,
    ),
    text(code(offer(locale, "threshold", quoted(metric), ">", String(value)))),
  );
}

function notAccepted({ value, op, points }: SetRequest, { locale }: CommandContext): Reply {
  if (op === undefined && points !== undefined) {
    return problem(
      phrase(
        locale,
        "A rise or drop is counted over 1 to 30 points, and its total is 0 or more.",
        "上升或下降按 1 到 30 个点计算，总幅度不小于 0。",
      ),
    );
  }
  return problem(
    phrase(
      locale,
      `${value} cannot be: the total of a rise or drop is 0 or more.`,
      `${value} 无效：上升或下降的总幅度不小于 0。`,
    ),
    text(
      phrase(locale, "For a limit write a sign: ", "固定限值请写比较符号："),
      code(offer(locale, "threshold", "loss", "<", String(value))),
    ),
  );
}

function tooMany({ locale }: CommandContext): Reply {
  return problem(
    phrase(
      locale,
      `${mostOverrides} settings were made in chat already; move some to tensorbell.yaml and reset them here.`,
      `会话中的设置已达 ${mostOverrides} 条；请将部分移入 tensorbell.yaml 并在此重置。`,
    ),
    text(code(offer(locale, "threshold"))),
  );
}

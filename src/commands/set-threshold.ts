import type { Block } from "../message/message.js";
import type { SettingsOverride } from "../rules/override.js";
import { isRuleId, ruleOf } from "../rules/rule-registry.js";
import { authorOf } from "./author.js";
import type { Reply } from "./command.js";
import type { CommandContext, RunSummary } from "./context.js";
import { findMetric } from "./find-metric.js";
import { noMetric } from "./no-metric.js";
import { setCommand, settingsWords, tagWords } from "./override-words.js";
import { phrase } from "./phrase.js";
import { refusal } from "./refusal.js";
import { code, message, note, problem, text, toEverybody } from "./reply.js";
import { shown } from "./shown.js";
import { planThreshold } from "./threshold-plan.js";
import { needFor, scopeOf, seriesInScope } from "./threshold-scope.js";
import type { ThresholdRequest } from "./threshold-words.js";
import { runWord, whichRun } from "./which-run.js";

/** More settings made in chat than this belong in the config. */
export const mostOverrides = 500;

type SetRequest = Extract<ThresholdRequest, { kind: "set" }>;

/** Stores what was asked, after saying what it would have done; in a run's thread that run's, elsewhere everyone's. */
export async function setThreshold(asked: SetRequest, context: CommandContext): Promise<Reply> {
  const which = await whichRun(asked.run, context);
  if (which.kind === "problem") return which.reply;
  const run = which.kind === "run" ? which.run : undefined;
  const scope = scopeOf(run);
  const refused = refusal(needFor(scope, context), context);
  if (refused !== undefined) return refused;
  const { runs, series } = await seriesInScope(run, context);
  const found = findMetric(series, asked.metric);
  if (found.kind === "unknown") {
    const missing = { query: asked.metric, nearest: found.nearest, series };
    return noMetric(run === undefined ? missing : { ...missing, run: run.run.name }, context);
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
  return confirmation(run, changes, context);
}

interface Change {
  readonly override: SettingsOverride;
  readonly before: SettingsOverride | undefined;
  readonly rehearsal: { readonly runs: number; readonly before: number; readonly after: number };
}

/** The rule's own schema has the last word on a value. */
function isAccepted({ rule, settings }: SettingsOverride): boolean {
  return isRuleId(rule) && ruleOf(rule).settings.safeParse(settings).success;
}

function confirmation(
  run: RunSummary | undefined,
  changes: readonly Change[],
  context: CommandContext,
): Reply {
  const { locale } = context;
  const whose =
    run === undefined
      ? phrase(locale, "everyone's runs", "所有运行")
      : phrase(locale, shown(run.run.name), shown(run.run.name));
  const what = changes.map(({ override }) => settingsWords(override.rule, override.settings, locale));
  const author = shown(changes[0]?.override.author ?? "");
  return toEverybody(
    message(
      "info",
      phrase(
        locale,
        `Threshold set for ${whose}: ${what.join("; ")}`,
        `已为${run === undefined ? "" : " "}${whose}${run === undefined ? "" : " "}设置阈值：${what.join("；")}`,
      ),
      [
        ...changes.flatMap((change) => changeBlocks(change, run, context)),
        note(phrase(locale, `Set by ${author}.`, `由 ${author} 设置。`)),
      ],
    ),
  );
}

function changeBlocks(
  { override, before, rehearsal }: Change,
  run: RunSummary | undefined,
  { locale }: CommandContext,
): readonly Block[] {
  const runs =
    run === undefined
      ? phrase(locale, `${rehearsal.runs} known runs`, `已知的 ${rehearsal.runs} 个运行`)
      : phrase(locale, "this run's history", "此运行的历史");
  return [
    {
      kind: "facts",
      facts: [
        { label: phrase(locale, "tags", "标签"), value: [tagWords(override, locale)] },
        { label: phrase(locale, "rule", "规则"), value: [code(override.rule)] },
        {
          label: phrase(locale, "on what is known", "历史回放"),
          value: [
            phrase(
              locale,
              `on ${runs} it would have fired ${times(rehearsal.after)} (before: ${rehearsal.before}, now: ${rehearsal.after})`,
              `在${runs}上会触发 ${rehearsal.after} 次（之前：${rehearsal.before}，现在：${rehearsal.after}）`,
            ),
          ],
        },
      ],
    },
    text(
      phrase(locale, "Undo: ", "撤销："),
      code(`/tb threshold reset ${override.id}`),
      ...(before === undefined
        ? []
        : [
            phrase(
              locale,
              `; what ${shown(before.author)} had set: `,
              `；恢复 ${shown(before.author)} 之前的设置：`,
            ),
            code(setCommand(before, run === undefined ? undefined : runWord(run))),
          ]),
    ),
  ];
}

function times(count: number): string {
  return count === 1 ? "once" : count === 0 ? "never" : `${count} times`;
}

function needsSign({ metric, value }: SetRequest, { locale }: CommandContext): Reply {
  return problem(
    phrase(
      locale,
      `Whether ${shown(metric)} should rise or fall is not known; give a limit with a sign.`,
      `无法判断 ${shown(metric)} 应升还是应降；请用比较符号给出限值。`,
    ),
    text(code(`/tb threshold ${shown(metric)} > ${value}`)),
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
      code(`/tb threshold loss < ${value}`),
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
    text(code("/tb threshold")),
  );
}

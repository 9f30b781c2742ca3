import { drawChart } from "../../chart/chart-thread.js";
import { configLines } from "../../alerts/suggest-config.js";
import { type Knob, knobOf } from "../../alerts/suggest-knob.js";
import { suggestPicture } from "../../alerts/suggest-picture.js";
import { type Study, SuggestStudy } from "../../alerts/suggest-study.js";
import { adviceWords, outcomeWords, tradeOffTable } from "../../alerts/suggest-words.js";
import type { Block } from "../../message/message.js";
import { isRuleId, type RuleId, ruleIds, ruleOf } from "../../rules/rule-registry.js";
import type { Direction } from "../../series/labels.js";
import type { Locale } from "../../lib/locale.js";
import type { Command, Reply } from "../command.js";
import type { CommandContext, RunSummary, SeriesSummary } from "../context.js";
import { findMetric } from "../find-metric.js";
import { folded } from "../grammar.js";
import { noMetric } from "../no-metric.js";
import { stopwatch } from "../../lib/stopwatch.js";
import { offer, ownWord } from "../offer.js";
import { phrase } from "../phrase.js";
import { code, message, note, problem, text, toEverybody } from "../reply.js";
import { quoted, shown } from "../shown.js";
import { seriesInScope } from "../threshold-scope.js";

export const suggest: Command = {
  name: "suggest",
  aliases: ["tune", "建议", "推荐"],
  usage: { en: "/tb suggest <metric> [rule]", zh: "/tb 建议 <指标> [规则]" },
  summary: {
    en: "The setting that would have stayed quiet on good past runs and still caught the bad ones.",
    zh: "根据历史运行建议设置：正常运行不受打扰，异常运行仍能发现。",
  },
  needs: "read",
  async run(words, context) {
    const last = folded(words.at(-1) ?? "").replaceAll("-", "_");
    const rule = words.length > 1 && isRuleId(last) ? last : undefined;
    const metric = (rule === undefined ? words : words.slice(0, -1)).join(" ");
    if (metric === "") return needsMetric(context);
    const { runs, series } = await seriesInScope(await context.runs.list(), context);
    const found = findMetric(series, metric);
    if (found.kind === "unknown") {
      const strange = words.length > 1 && findMetric(series, words.slice(0, -1).join(" ")).kind === "found";
      if (strange) return noKnob(metric, words.at(-1), context);
      return noMetric({ query: metric, nearest: found.nearest, series }, context);
    }
    const direction = found.series.find(({ labels }) => labels.direction !== "unknown")?.labels.direction;
    const knob = direction === undefined ? undefined : knobFor(rule, direction);
    if (knob === undefined) return noKnob(metric, rule, context);
    const chosen = found.series.filter(({ labels }) => labels.direction === direction);
    const past = runs.filter((run) => !stillTrains(run, context));
    const { study, partly } = await studyOf({ knob, runs: past, chosen }, context);
    return replyOf({ study, partly, metric, chosen, training: runs.length - past.length }, context);
  },
};

/** Old logs that were found only now count as running for a while; their points tell how old they are. */
function stillTrains({ state, lastWallTime }: RunSummary, { now }: CommandContext): boolean {
  return state === "running" && now / 1_000 - lastWallTime < longSilence;
}

/** Seconds. */
const longSilence = 6 * 3_600;

/** Without a rule the one that `/tb threshold <metric> <value>` sets. */
function knobFor(rule: RuleId | undefined, direction: Direction): Knob | undefined {
  if (rule !== undefined) return knobOf(rule, direction);
  return knobOf(direction === "lower" ? "consecutive_rise" : "consecutive_drop", direction);
}

/** How long reading the runs' files may take; of what is left, the points at hand are looked at. Milliseconds. */
const withinMs = 1_500;

interface Looked {
  readonly study: Study;
  /** Runs of which only the newest points were looked at. */
  readonly partly: number;
}

interface Studied {
  readonly knob: Knob;
  readonly runs: readonly RunSummary[];
  readonly chosen: readonly SeriesSummary[];
}

/** Runs one by one: their points are not held together. */
async function studyOf({ knob, runs, chosen }: Studied, context: CommandContext): Promise<Looked> {
  const settings = await settingsNow(knob.rule, runs, context);
  const study = new SuggestStudy(knob, settings);
  const elapsed = stopwatch();
  let partly = 0;
  for (const run of runs) {
    const own = chosen.filter(
      ({ labels }) => labels.run.watch === run.run.watch && labels.run.name === run.run.name,
    );
    if (own.length === 0) continue;
    const keys = own.map(({ key }) => key);
    const { points, whole } = await context.runs.history(run.id, keys, withinMs - elapsed());
    const series = own.flatMap(({ key, labels: { split, tag } }) => {
      const known = points.get(key);
      return known === undefined ? [] : [{ split, tag, points: known }];
    });
    study.add({ run: run.run, series });
    if (!whole) partly += 1;
  }
  return { study: study.result(), partly };
}

/** The rule as it is set for the newest run that it judges; its defaults where it judges none. */
async function settingsNow(rule: RuleId, runs: readonly RunSummary[], context: CommandContext) {
  for (const run of runs) {
    const [found] = (await context.effectiveRules(run.id)).filter((effective) => effective.rule === rule);
    if (found !== undefined)
      return { rules: { [rule]: [{ settings: found.settings }] }, metrics: {}, overrides: [] };
  }
  return { rules: {}, metrics: {}, overrides: [] };
}

interface Answer extends Looked {
  readonly metric: string;
  readonly chosen: readonly SeriesSummary[];
  /** Runs that still train: they say nothing about their end. */
  readonly training: number;
}

async function replyOf(answer: Answer, context: CommandContext): Promise<Reply> {
  const { study, partly, metric, chosen, training } = answer;
  const { locale } = context;
  const { advice, well, badly } = study.suggestion;
  const blocks: Block[] = [];
  if (well + badly > 0) {
    const { columns, rows } = tradeOffTable(study, locale);
    blocks.push({ kind: "table", columns, rows });
  }
  blocks.push(...apply(study, metric, { chosen, context }), note(outcomeWords(study, locale)));
  if (partly > 0) {
    const runs = partly === 1 ? "1 run" : `${partly} runs`;
    const english = `Of ${runs} only the newest points were looked at.`;
    blocks.push(note(phrase(locale, english, `其中 ${partly} 个运行仅依据最近的数据点。`)));
  }
  if (training > 0) {
    const runs = training === 1 ? "1 run still trains and is" : `${training} runs still train and are`;
    blocks.push(note(phrase(locale, `${runs} not counted.`, `${training} 个运行仍在训练，未计入。`)));
  }
  const reply = toEverybody(message("info", `${shown(metric)}: ${adviceWords(study, locale)}`, blocks));
  if (advice !== "change" && advice !== "keep") return reply;
  const spec = suggestPicture(study, `${study.knob.rule} · ${shown(metric)}`, locale);
  return {
    ...reply,
    picture: {
      png: await drawChart(spec, context.column),
      name: "suggestion.png",
      alt: `${spec.title}: ${adviceWords(study, locale)}`,
    },
  };
}

function apply(
  study: Study,
  metric: string,
  { chosen, context }: { readonly chosen: readonly SeriesSummary[]; readonly context: CommandContext },
): readonly Block[] {
  const { advice, chosen: place } = study.suggestion;
  const candidate = study.candidates[place ?? -1];
  if (advice !== "change" || candidate === undefined) return [];
  const tags = [...new Set(chosen.map(({ labels }) => labels.tag))].sort().slice(0, 20);
  const config: Block = { kind: "preformatted", text: configLines(study, candidate, tags) };
  if (study.knob.kind === "word")
    return [text(phrase(context.locale, "In tensorbell.yaml:", "写入 tensorbell.yaml：")), config];
  return [
    text(
      phrase(context.locale, "Apply: ", "应用："),
      code(
        offer(
          context.locale,
          "threshold",
          quoted(shown(metric)),
          ...valueWords(study, candidate, context.locale),
        ),
      ),
      phrase(context.locale, ", or in tensorbell.yaml:", "，或写入 tensorbell.yaml："),
    ),
    config,
  ];
}

/** A value as `threshold` takes it, to its last digit. */
function valueWords({ knob, points }: Study, candidate: number | string, locale: Locale): readonly string[] {
  if (knob.kind !== "limit") return [String(candidate)];
  return [knob.op, String(candidate), ...(points === 1 ? [] : [ownWord(locale, "for"), String(points)])];
}

function needsMetric({ locale }: CommandContext): Reply {
  return problem(
    phrase(locale, "A suggestion for which metric?", "要为哪个指标给出建议？"),
    text(
      code(suggest.usage[locale]),
      phrase(locale, ", like ", "，例如 "),
      code(offer(locale, "suggest", "loss")),
    ),
  );
}

function noKnob(metric: string, rule: string | undefined, { locale }: CommandContext): Reply {
  const name = shown(metric);
  if (rule === undefined) {
    return problem(
      phrase(locale, `Whether ${name} should rise or fall is not known.`, `无法判断 ${name} 应升还是应降。`),
    );
  }
  const known = ruleIds.filter((id) => knobOf(id, "lower") !== undefined && ruleOf(id).scope !== "run");
  return problem(
    phrase(locale, `There are no suggestions for ${shown(rule)}.`, `规则 ${shown(rule)} 没有可建议的设置。`),
    text(phrase(locale, "There are some for ", "可建议的规则："), code(known.join(", "))),
  );
}

import { z } from "zod";
import { matchesGlob } from "../lib/glob.js";
import { formatNumber } from "../message/format-number.js";
import { plainName } from "../message/plain-name.js";
import type { SeriesLabels } from "../series/labels.js";
import { type CompiledCondition, compileCondition } from "./expression/compiled-condition.js";
import { JoinedDetector, joinedDetectorBytes } from "./expression/joined-detector.js";
import type { Span } from "./expression/patience.js";
import { SeriesDetector, seriesDetectorBytes } from "./expression/series-detector.js";
import { metricName } from "./metric-name.js";
import type { MetricPattern, OwnRule } from "./own-rules-schema.js";
import type { Evidence, Rule, Severity } from "./rule.js";

interface Settings {
  readonly enabled: boolean;
  readonly severity: Severity;
}

/** The rule that a section of `own_rules:` describes: over one metric it judges every series that matches, over several the run. */
export function ownRule(id: string, written: OwnRule): Rule {
  const { metrics, span, message } = written;
  const names = metrics.map(({ name }) => name);
  const condition = compileCondition(written.condition, names, JSON.stringify([metrics, written.runs ?? []]));
  const isJoin = metrics.length > 1;
  const chosen = metrics.map(({ name, pattern }) => ({
    name,
    matches: (labels: SeriesLabels) => covers(written.runs, labels.run.name) && matches(pattern, labels),
  }));
  const rule: Rule<Settings> = {
    id,
    severity: written.severity,
    settings: z.strictObject({
      enabled: z.boolean().default(true).describe("Whether the rule judges at all."),
      severity: z
        .enum(["info", "warning", "critical"])
        .default(written.severity)
        .describe("How loud the alert is."),
    }),
    ...(isJoin ? { scope: "run" as const } : {}),
    memoryBound: isJoin ? joinedDetectorBytes(condition) : seriesDetectorBytes(condition),
    summary: {
      en: `Own rule: ${condition.text}${heldFor(span, "en")}.`,
      zh: `自定义规则：${condition.text}${heldFor(span, "zh")}。`,
    },
    say: (evidence, locale, labels) => {
      const words = message?.[locale] ?? message?.en ?? message?.zh;
      return words === undefined
        ? plainWords({ id, condition, span }, { evidence, locale, labels })
        : withNumbers(words, evidence, labels);
    },
    appliesTo: (labels) =>
      isJoin
        ? covers(written.runs, labels.run.name)
        : labels.tag !== "" && chosen.every(({ matches: fits }) => fits(labels)),
    detector: ({ severity }, _labels, memory) => {
      const settings = { condition, span, severity };
      return isJoin
        ? new JoinedDetector({ ...settings, metrics: chosen }, memory)
        : new SeriesDetector(settings, memory);
    },
  };
  return rule;
}

/** Whether a series is one that a metric of a section may stand for. */
export function matches({ tags, splits }: MetricPattern, labels: SeriesLabels): boolean {
  return covers(tags, labels.tag) && covers(splits, labels.split);
}

/** Whether one of the patterns fits; without any, everything does. */
export function covers(patterns: readonly string[] | undefined, text: string): boolean {
  return patterns === undefined || patterns.some((pattern) => matchesGlob(pattern, text));
}

/** `loss_high: mean(loss, 20) > 1.2 on train/loss (mean(loss, 20) = 1.31), for 5 points`. */
function plainWords(
  rule: { readonly id: string; readonly condition: CompiledCondition; readonly span: Span },
  at: { readonly evidence: Evidence; readonly locale: "en" | "zh"; readonly labels: SeriesLabels },
): string {
  const { evidence, locale, labels } = at;
  const numbers = Object.entries(evidence.numbers)
    .slice(0, 4)
    .map(([name, value]) => `${name} = ${formatNumber(value)}`)
    .join(locale === "zh" ? "，" : ", ");
  const text = plainName(rule.condition.text, 90);
  const held = heldFor(rule.span, locale);
  if (locale === "zh") return `${metricName(labels)} 满足规则 ${rule.id}：${text}（${numbers}）${held}`;
  return `${metricName(labels)} meets ${rule.id}: ${text} (${numbers})${held}`;
}

function withNumbers(words: string, { numbers }: Evidence, labels: SeriesLabels): string {
  return words.replaceAll(/\{([^{}]*)\}/gu, (whole, name: string) => {
    if (name === "tag") return metricName(labels);
    const value = numbers[name];
    return value === undefined ? whole : formatNumber(value);
  });
}

function heldFor(span: Span, locale: "en" | "zh"): string {
  if (span.kind === "seconds")
    return locale === "zh"
      ? `，持续 ${formatNumber(span.seconds)} 秒`
      : ` for ${formatNumber(span.seconds)} s`;
  if (span.points === 1) return "";
  return locale === "zh" ? `，连续 ${span.points} 个点` : ` for ${span.points} points`;
}

import { z } from "zod";
import { parseDuration } from "../lib/duration.js";
import { aggregatesOf } from "./expression/evaluate-condition.js";
import { parseCondition, reservedWords } from "./expression/parse-condition.js";
import type { Span } from "./expression/patience.js";
import { printAggregate } from "./expression/print-condition.js";
import type { TruthNode } from "./expression/syntax.js";
import { metricNamePattern } from "./expression/tokens.js";
import type { Severity } from "./rule.js";
import { isRuleId } from "./rule-registry.js";

/** The series a metric may stand for: patterns of tags, and of splits where given. */
export interface MetricPattern {
  readonly tags: readonly string[];
  readonly splits?: readonly string[] | undefined;
}

/** A section of `own_rules:`, read and checked. */
export interface OwnRule {
  /** In the order declared, the first is the one whose points are judged; a lone `metric:` is called `value`. */
  readonly metrics: readonly { readonly name: string; readonly pattern: MetricPattern }[];
  readonly condition: TruthNode;
  readonly span: Span;
  readonly severity: Severity;
  readonly message?: { readonly en?: string | undefined; readonly zh?: string | undefined } | undefined;
  readonly runs?: readonly string[] | undefined;
}

const mostRules = 100;
const mostMetrics = 8;
const longestSpan = 100_000;

const name = z.string().min(1).max(1_000);
const patterns = z
  .union([name, z.array(name).min(1).max(100)])
  .transform((given) => (typeof given === "string" ? [given] : given));
const pattern = z
  .union([
    patterns.transform((tags): MetricPattern => ({ tags })),
    z.strictObject({
      tag: patterns.describe("Pattern of the tag (* = anything), or several."),
      split: patterns.optional().describe("Pattern of the split, or several; any split unless said."),
    }),
  ])
  .transform((given): MetricPattern => {
    return "tags" in given ? given : { tags: given.tag, splits: given.split };
  });

const hold = z
  .union([z.int().min(1).max(longestSpan), z.string().max(40)], {
    error: "a hold such as 5 points or 10m",
  })
  .transform((given, context): Span => {
    const span = typeof given === "number" ? { kind: "points" as const, points: given } : spanOf(given);
    if (span !== undefined) return span;
    context.addIssue({ code: "custom", message: "a hold such as 5 points or 10m", input: given });
    return z.NEVER;
  });

const words = z.string().min(1).max(200);

const section = z
  .strictObject({
    metric: pattern
      .optional()
      .describe("The metric: a pattern of tags; in the condition it is called value."),
    metrics: z
      .record(z.string().max(60), pattern)
      .optional()
      .describe("Several metrics of a run by the names that the condition uses; the first sets the rhythm."),
    condition: z.string().min(1).max(4_000).describe("What is wrong, such as mean(value, 20) > 2.5."),
    for: hold
      .default({ kind: "points", points: 1 })
      .describe("How long it must hold, and be over: 5 points, or 10m."),
    severity: z.enum(["info", "warning", "critical"]).default("warning").describe("How loud the alert is."),
    message: z
      .union([
        words.transform((en) => ({ en, zh: en })),
        z.strictObject({ en: words.optional(), zh: words.optional() }),
      ])
      .optional()
      .describe(
        "Words of the alert; {value} and the like stand for numbers of the condition, {tag} for the metric.",
      ),
    runs: patterns.optional().describe("Only runs whose name matches."),
  })
  .transform((given, context): OwnRule => {
    const complain = (path: PropertyKey[], sentence: string): typeof z.NEVER => {
      context.addIssue({ code: "custom", path, message: sentence, input: given, params: { whole: true } });
      return z.NEVER;
    };
    const { metric, metrics = {}, condition, message, for: span, severity, runs } = given;
    const names = Object.keys(metrics);
    if ((metric === undefined) === (names.length === 0))
      return complain([], "expected either metric or metrics");
    if (names.length > mostMetrics) return complain(["metrics"], `expected at most ${mostMetrics} metrics`);
    for (const used of names) {
      const sentence = nameProblem(used);
      if (sentence !== undefined) return complain(["metrics", used], sentence);
    }
    const chosen =
      metric === undefined
        ? Object.entries(metrics).map(([used, one]) => ({ name: used, pattern: one }))
        : [{ name: "value", pattern: metric }];
    const declared = chosen.map((one) => one.name);
    const parsed = parseCondition(condition, declared);
    if (parsed.kind === "problem") {
      const { column, sentence } = parsed.problem;
      return complain(["condition"], `column ${column}: ${sentence}`);
    }
    const node = parsed.condition;
    const used = new Set(aggregatesOf(node).map((aggregate) => aggregate.metric));
    const idle = declared.find((one) => !used.has(one));
    if (idle !== undefined)
      return complain(["condition"], `expected every metric to be used, ${idle} is not`);
    const numbers = ["tag", ...aggregatesOf(node).map(printAggregate)];
    for (const [language, text] of Object.entries(message ?? {})) {
      const strange = [...(text ?? "").matchAll(/\{([^{}]*)\}/gu)].find(
        ([, held]) => !numbers.includes(held ?? ""),
      );
      if (strange !== undefined)
        return complain(
          typeof message === "object" && language in message ? ["message"] : [],
          `column ${Array.from((text ?? "").slice(0, strange.index)).length + 1}: unknown number ${JSON.stringify(strange[0])}; expected ${numbers.map((one) => `{${one}}`).join(", ")}`,
        );
    }
    return { metrics: chosen, condition: node, span, severity, message, runs };
  });

/** `own_rules:` of tensorbell.yaml by id: plain data, which threads can pass on. */
export const ownRulesSchema = z
  .record(z.string().max(60), section)
  .default({})
  .superRefine((given, context) => {
    const ids = Object.keys(given);
    const complain = (path: PropertyKey[], message: string): void => {
      context.addIssue({ code: "custom", path, message, input: given, params: { whole: true } });
    };
    if (ids.length > mostRules) complain([], `expected at most ${mostRules} rules, found ${ids.length}`);
    for (const id of ids) {
      const sentence = ruleIdProblem(id);
      if (sentence !== undefined) complain([id], sentence);
    }
  });

/** Why an id cannot be that of a rule of one's own. */
export function ruleIdProblem(id: string): string | undefined {
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(id))
    return "expected an id of small letters, digits and _ such as loss_high, at most 40 characters";
  return isRuleId(id) || id === "memory" ? `${id} is a built-in rule; choose another id` : undefined;
}

function nameProblem(used: string): string | undefined {
  if (reservedWords.has(used)) return `${used} is a word of conditions; choose another name`;
  if (used.length <= 60 && metricNamePattern.test(used)) return undefined;
  return "expected a name of letters, digits and _ such as train_loss";
}

function spanOf(text: string): Span | undefined {
  const points = /^(\d{1,6})\s*(?:points?|个点)$/u.exec(text.trim())?.[1];
  if (points !== undefined) {
    const count = Number(points);
    return count >= 1 && count <= longestSpan ? { kind: "points", points: count } : undefined;
  }
  const ms = parseDuration(text);
  return ms !== undefined && ms >= 1_000 ? { kind: "seconds", seconds: ms / 1_000 } : undefined;
}

import { z } from "zod";
import type { Locale } from "../lib/locale.js";
import type { SeriesLabels } from "../series/labels.js";
import { ruleIdProblem } from "./own-rules-schema.js";
import type { Detector, Evidence, Rule, SettingsSchema, Verdict } from "./rule.js";

export type ModuleRules =
  | { readonly kind: "rules"; readonly rules: readonly Rule[] }
  | { readonly kind: "problems"; readonly problems: readonly string[] };

const mostRules = 20;
const largestMemory = 1 << 20;

/**
 * The rules that a module exports, as `default` (one or a list) and `rules`; or every reason why it cannot be used, a sentence
 * each. `code` changes with the module.
 */
export function rulesOfModule(exported: Readonly<Record<string, unknown>>, code = ""): ModuleRules {
  const given = [...listOf(exported["default"]), ...listOf(exported["rules"])];
  if (given.length === 0)
    return { kind: "problems", problems: ["exports no rule; export one as default, or a list as rules"] };
  if (given.length > mostRules)
    return { kind: "problems", problems: [`exports ${given.length} rules; at most ${mostRules} are taken`] };
  const read = given.map((one, index) => readRule(one, { index, code }));
  const problems = read.flatMap((one) => (one.kind === "problems" ? one.problems : []));
  const rules = read.flatMap((one) => (one.kind === "rules" ? one.rules : []));
  const ids = rules.map(({ id }) => id);
  for (const id of new Set(ids.filter((one, index) => ids.indexOf(one) !== index)))
    problems.push(`rule ${id}: exported twice`);
  return problems.length > 0 ? { kind: "problems", problems } : { kind: "rules", rules };
}

const called = <T>(what: string) =>
  z.custom<T>((value) => typeof value === "function", { error: `expected a function ${what}` });
const sentence = z.string().min(1).max(300);

const shape = z.object({
  id: z.string().superRefine((id, context) => {
    const problem = ruleIdProblem(id);
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem, input: id });
  }),
  severity: z.enum(["info", "warning", "critical"]),
  settings: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).default({}),
  scope: z.literal("run").optional(),
  looksBack: z.literal(true).optional(),
  memoryBound: z.int().min(0).max(largestMemory),
  summary: z.union([sentence.transform((en) => ({ en, zh: en })), z.object({ en: sentence, zh: sentence })]),
  say: called<Rule["say"]>("say(evidence, locale, labels)"),
  appliesTo: called<Rule["appliesTo"]>("appliesTo(labels)"),
  hold: called<NonNullable<Rule["hold"]>>("hold(settings)").optional(),
  detector: called<Rule["detector"]>("detector(settings, labels, memory)"),
});

function readRule(
  given: unknown,
  { index, code }: { readonly index: number; readonly code: string },
): ModuleRules {
  const parsed = shape.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => {
      return `rule ${index + 1}${path.map((key) => `.${String(key)}`).join("")}: ${message}`;
    });
    return { kind: "problems", problems };
  }
  const { settings, scope, looksBack, hold, say, ...rest } = parsed.data;
  const { memoryBound } = rest;
  const rule: Rule = {
    ...rest,
    code,
    settings: settingsFrom(settings),
    ...(scope === undefined ? {} : { scope }),
    ...(looksBack === undefined ? {} : { looksBack }),
    ...(hold === undefined ? {} : { hold }),
    appliesTo: (labels) => applies(rest, labels),
    say: (evidence, locale, labels) => textOf(say(evidence, locale, labels), locale),
    detector: (chosen, labels, memory) => {
      rest.appliesTo(labels);
      return guarded(rest.detector(chosen, labels, memory), memoryBound);
    },
  };
  return { kind: "rules", rules: [rule] };
}

/** One that throws applies: its detector asks again, where a rule that throws is set aside and reported. */
function applies(rule: Pick<Rule, "appliesTo">, labels: SeriesLabels): boolean {
  try {
    return rule.appliesTo(labels);
  } catch {
    return true;
  }
}

function listOf(given: unknown): readonly unknown[] {
  if (given === undefined) return [];
  return Array.isArray(given) ? given : [given];
}

/** Settings of a module are their defaults: numbers, words and switches, each of the type it was given as. */
function settingsFrom(
  defaults: Readonly<Record<string, string | number | boolean>>,
): SettingsSchema<unknown> {
  const fields = Object.entries(defaults).map(([key, value]): [string, z.ZodType] => {
    if (typeof value === "number") return [key, z.number().default(value)];
    return [key, typeof value === "boolean" ? z.boolean().default(value) : z.string().default(value)];
  });
  return z.strictObject({ enabled: z.boolean().default(true), ...Object.fromEntries(fields) });
}

function textOf(said: unknown, locale: Locale): string {
  if (typeof said === "string" && said !== "") return said;
  throw new TypeError(`say returned no text for ${locale}`);
}

const evidenceSchema: z.ZodType<Evidence> = z.object({
  numbers: z.record(
    z.string().max(200),
    z
      .number()
      .or(z.nan())
      .or(z.literal([Infinity, -Infinity])),
  ),
  from: z.number().optional(),
  to: z.number().optional(),
  level: z.number().optional(),
  about: z.object({ split: z.string(), tag: z.string() }).optional(),
}) as z.ZodType<Evidence>;
const verdictSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ok") }),
  z.object({ kind: z.literal("clear") }),
  z.object({ kind: z.literal("no-data"), reason: z.string() }),
  z.object({
    kind: z.literal("breach"),
    evidence: evidenceSchema,
    severity: z.enum(["info", "warning", "critical"]).optional(),
  }),
]);

/** A detector of somebody else's code: what it says is checked, so that a mistake sets the rule aside instead of spreading. */
function guarded(inner: Detector, memoryBound: number): Detector {
  for (const name of ["observe", "reset", "memory"] as const)
    if (typeof inner[name] !== "function") throw new TypeError(`the detector has no function ${name}`);
  return {
    observe: (point, past, series) => checked(inner.observe({ ...point }, past, series), "observe"),
    reset: (step) => checked(inner.reset(step), "reset"),
    ...(inner.replace === undefined ? {} : { replace: (step) => inner.replace?.(step) }),
    ...(inner.tick === undefined ? {} : { tick: (now) => checked(inner.tick?.(now), "tick") }),
    ...(inner.deadline === undefined ? {} : { deadline: () => inner.deadline?.() }),
    ...(inner.declare === undefined ? {} : { declare: (length) => inner.declare?.(length) }),
    memory: () => {
      const memory: unknown = inner.memory();
      if (!(memory instanceof Uint8Array)) throw new TypeError("memory returned no Uint8Array");
      if (memory.length <= memoryBound) return memory;
      throw new RangeError(`memory is ${memory.length} bytes, memoryBound is ${memoryBound}`);
    },
  };
}

function checked(verdict: unknown, asked: "observe" | "reset" | "tick"): Verdict {
  if (typeof verdict === "object" && verdict !== null && "kind" in verdict) {
    if (verdict.kind === "ok") return { kind: "ok" };
    if (verdict.kind === "clear") return { kind: "clear" };
  }
  const parsed = verdictSchema.safeParse(verdict);
  if (parsed.success) return parsed.data as Verdict;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "" : ` (at ${issue.path.join(".")})`;
  throw new TypeError(
    `${asked} gave no verdict: ${issue?.message ?? ""}${where}; give { kind: "ok" } to say nothing`,
  );
}

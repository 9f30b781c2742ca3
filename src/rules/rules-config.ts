import { z } from "zod";
import type { SettingsSchema } from "./rule.js";
import { type RuleId, ruleIds, ruleOf } from "./rule-registry.js";

/** Settings as a person wrote them, for the series that the patterns choose; without patterns wherever the rule applies. */
export interface RuleEntry {
  readonly tags?: readonly string[] | undefined;
  readonly splits?: readonly string[] | undefined;
  readonly runs?: readonly string[] | undefined;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The `rules:` section: of several entries of a rule that choose a series, later ones win field by field. */
export type RulesConfig = Readonly<Record<string, readonly RuleEntry[] | undefined>>;

const name = z.string().min(1).max(1_000);
const patterns = z
  .union([name, z.array(name).min(1).max(1_000)])
  .transform((given) => (typeof given === "string" ? [given] : given));

/** `rules:` of tensorbell.yaml, built from the registry: `{ consecutive_rise: { min_total: 0.2 } }`, or a list of such entries with `tags`, `splits`, `runs`. */
export const rulesSchema = z
  .strictObject(Object.fromEntries(ruleIds.map((id) => [id, entriesOf(id).optional()])))
  .default({})
  .transform((given): RulesConfig => given);

/** `metrics:` of tensorbell.yaml: what tags matching a pattern are, where their names mislead. */
export const metricsSchema = z
  .record(
    name,
    z.strictObject({
      kind: z
        .enum([
          "loss",
          "accuracy",
          "gradient-norm",
          "learning-rate",
          "throughput",
          "utilisation",
          "regulariser",
          "progress",
          "other",
        ])
        .optional(),
      phase: z.enum(["train", "validation", "unknown"]).optional(),
      direction: z.enum(["lower", "higher", "unknown"]).optional(),
    }),
  )
  .default({})
  .describe("Patterns of tags (* = anything) and what they are, where names mislead.");

/** The settings of a rule with no field required and no default filled in. */
export function writtenSettings(schema: SettingsSchema<unknown>): z.ZodObject {
  return z.strictObject(
    Object.fromEntries(Object.entries(schema.shape).map(([key, field]) => [key, withoutDefault(field)])),
  );
}

function entriesOf(id: RuleId) {
  const rule = ruleOf(id);
  const entry = writtenSettings(rule.settings)
    .extend({
      tags: patterns
        .optional()
        .describe("Only series whose tag matches; there the rule is on even where it is not by default."),
      splits: patterns.optional().describe("Only series of these splits."),
      runs: patterns.optional().describe("Only runs whose name matches."),
    })
    .transform(({ tags, splits, runs, ...settings }) => ({ tags, splits, runs, settings }) as RuleEntry);
  return z
    .union([entry, z.array(entry).max(1_000)])
    .transform((given): readonly RuleEntry[] => (Array.isArray(given) ? given : [given]))
    .describe(rule.summary.en);
}

function withoutDefault(field: z.ZodType): z.ZodType {
  if (!(field instanceof z.ZodDefault)) return field.optional();
  const inner = field.unwrap() as z.ZodType;
  const bare = inner.optional();
  return field.description === undefined ? bare : bare.describe(field.description);
}

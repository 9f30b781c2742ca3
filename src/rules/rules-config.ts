import { z } from "zod";
import type { WatchId } from "../series/run.js";
import type { SettingsSchema } from "./rule.js";
import { type RuleId, ruleIds, ruleOf } from "./rule-registry.js";

/** Settings as a person wrote them, for the series that the patterns choose; without patterns wherever the rule applies. */
export interface RuleEntry {
  readonly tags?: readonly string[] | undefined;
  readonly splits?: readonly string[] | undefined;
  readonly runs?: readonly string[] | undefined;
  /** Names or paths as written, and the watches that they are. */
  readonly watches?: readonly string[] | undefined;
  readonly watchIds?: readonly WatchId[] | undefined;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The `rules:` section: of several entries of a rule that choose a series, the most specific wins field by field. */
export type RulesConfig = Readonly<Record<string, readonly RuleEntry[] | undefined>>;

const name = z.string().min(1).max(1_000);
const patterns = z
  .union([name, z.array(name).min(1).max(1_000)])
  .transform((given) => (typeof given === "string" ? [given] : given));

/** What any entry may say beside its settings: whose series it is about. */
const places = {
  tags: patterns
    .optional()
    .describe("Only series whose tag matches; there the rule is on even where it is not by default."),
  splits: patterns.optional().describe("Only series of these splits."),
  runs: patterns.optional().describe("Only runs whose name matches."),
  watches: patterns.optional().describe("Only runs of these watches, by name or path."),
};

/**
 * `rules:` of tensorbell.yaml, built from the registry: `{ consecutive_rise: { min_total: 0.2 } }`, or a list of such entries
 * with `tags`, `splits`, `runs`, `watches`. Other ids are those of own rules, whose settings are known when they are loaded.
 */
export const rulesSchema = z
  .object(Object.fromEntries(ruleIds.map((id) => [id, entriesOf(id).optional()])))
  .catchall(
    entriesIn(z.object(places).catchall(z.union([z.number(), z.string().max(1_000), z.boolean()]))).describe(
      "Settings of a rule of your own.",
    ),
  )
  .default({})
  .transform((given): RulesConfig => given);

/** The same rules with every watch that an entry names found: by `idOf`, from a name or path as written. */
export function withWatchIds(rules: RulesConfig, idOf: (watch: string) => WatchId): RulesConfig {
  const found = (entry: RuleEntry): RuleEntry =>
    entry.watches === undefined ? entry : { ...entry, watchIds: entry.watches.map(idOf) };
  return Object.fromEntries(Object.entries(rules).map(([id, entries]) => [id, entries?.map(found)]));
}

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
  return entriesIn(writtenSettings(rule.settings).extend(places))
    .transform((entries) => (id === "threshold" ? entries.map(withSign) : entries))
    .describe(rule.summary.en);
}

/** A limit means the side it is written for: another entry's sign must not turn it round. */
function withSign(entry: RuleEntry): RuleEntry {
  const { value, op } = entry.settings;
  if (value === undefined || op !== undefined) return entry;
  return { ...entry, settings: { op: ">", ...entry.settings } };
}

function entriesIn(schema: z.ZodObject) {
  const entry = schema.transform(
    ({ tags, splits, runs, watches, ...settings }) =>
      ({ tags, splits, runs, watches, settings }) as RuleEntry,
  );
  return z
    .union([entry, z.array(entry).max(1_000)])
    .transform((given): readonly RuleEntry[] => (Array.isArray(given) ? given : [given]));
}

function withoutDefault(field: z.ZodType): z.ZodType {
  if (!(field instanceof z.ZodDefault)) return field.optional();
  const inner = field.unwrap() as z.ZodType;
  const bare = inner.optional();
  return field.description === undefined ? bare : bare.describe(field.description);
}

import { matchesGlob } from "../lib/glob.js";
import type { SeriesLabels } from "../series/labels.js";
import type { MetricOverrides } from "../series/metric-overrides.js";
import type { RunId } from "../series/run.js";
import type { SettingsOverride } from "./override.js";
import type { Rule } from "./rule.js";
import { type RuleId, ruleOf } from "./rule-registry.js";
import type { RuleEntry, RulesConfig } from "./rules-config.js";

/** All that decides which rules judge a run, and how: the config's sections and what people set in chat. */
export interface RuleSettings {
  readonly rules: RulesConfig;
  readonly metrics: MetricOverrides;
  readonly overrides: readonly SettingsOverride[];
  /** Rules of one's own, beside the registry's. */
  readonly extra?: readonly Rule[];
}

export const defaultRuleSettings: RuleSettings = { rules: {}, metrics: {}, overrides: [] };

export type SettingsOrigin = "default" | "config" | "everyone" | "run";

/** A rule's complete settings for one series; `origin` is the most specific place that had a say. */
export interface EffectiveSettings {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly enabled: boolean;
  readonly origin: SettingsOrigin;
}

export interface SettingsQuestion {
  readonly settings: RuleSettings;
  readonly run: RunId;
  readonly labels: SeriesLabels;
}

interface Voice {
  readonly origin: SettingsOrigin;
  readonly settings: Readonly<Record<string, unknown>>;
  /** It names this series: the rule is on here even where it does not apply by itself. */
  readonly names: boolean;
}

/**
 * Settings of one rule for one series: defaults, then the config's entries in order, then everyone's overrides, then
 * the run's; within one scope those that name tags after those that do not, older before newer. An override that no
 * longer parses has no say.
 */
export function effectiveSettings(question: SettingsQuestion, id: RuleId): EffectiveSettings {
  return settingsOfRule(question, ruleOf(id));
}

/** The same for a rule that need not be in the registry. */
export function settingsOfRule(question: SettingsQuestion, rule: Rule): EffectiveSettings {
  let written: Readonly<Record<string, unknown>> = {};
  let settings = defaultsOf(rule);
  let origin: SettingsOrigin = "default";
  let named = false;
  for (const voice of voices(question, rule.id)) {
    const merged = { ...written, ...voice.settings };
    const next = rule.settings.safeParse(merged);
    if (!next.success) continue;
    written = merged;
    settings = asRecord(next.data);
    origin = voice.origin;
    named ||= voice.names;
  }
  const enabled = settings["enabled"] !== false && (named || rule.appliesTo(question.labels));
  return { settings, enabled, origin };
}

function voices({ settings, run, labels }: SettingsQuestion, id: string): readonly Voice[] {
  const entries = (settings.rules[id] ?? []).filter((entry) => entryCovers(entry, labels));
  const overrides = settings.overrides.filter((override) => overrideCovers(override, { run, labels, id }));
  if (overrides.length > 1) overrides.sort(bySpecificity);
  return [
    ...entries.map((entry): Voice => {
      return { origin: "config", settings: entry.settings, names: entry.tags !== undefined };
    }),
    ...overrides.map((override): Voice => {
      const enabled = override.enabled === undefined ? {} : { enabled: override.enabled };
      return {
        origin: override.scope.kind,
        settings: { ...override.settings, ...enabled },
        names: override.tags !== undefined,
      };
    }),
  ];
}

function entryCovers(entry: RuleEntry, labels: SeriesLabels): boolean {
  const covers = (patterns: readonly string[] | undefined, text: string): boolean =>
    patterns === undefined || patterns.some((pattern) => matchesGlob(pattern, text));
  return (
    covers(entry.tags, labels.tag) &&
    covers(entry.splits, labels.split) &&
    covers(entry.runs, labels.run.name)
  );
}

function overrideCovers(
  override: SettingsOverride,
  { run, labels, id }: { readonly run: RunId; readonly labels: SeriesLabels; readonly id: string },
): boolean {
  if (override.rule !== id) return false;
  if (override.scope.kind === "run" && override.scope.run !== run) return false;
  if (override.split !== undefined && override.split !== labels.split) return false;
  return override.tags === undefined || override.tags.includes(labels.tag);
}

function bySpecificity(one: SettingsOverride, other: SettingsOverride): number {
  const weight = (override: SettingsOverride): number =>
    (override.scope.kind === "run" ? 2 : 0) + (override.tags === undefined ? 0 : 1);
  return weight(one) - weight(other) || one.at - other.at || (one.id < other.id ? -1 : 1);
}

const defaults = new WeakMap<Rule, Readonly<Record<string, unknown>>>();

/** Parsed once a rule: a run of a thousand series asks a thousand times. */
function defaultsOf(rule: Rule): Readonly<Record<string, unknown>> {
  const known = defaults.get(rule) ?? asRecord(rule.settings.parse({}));
  defaults.set(rule, known);
  return known;
}

function asRecord(settings: unknown): Readonly<Record<string, unknown>> {
  return typeof settings === "object" && settings !== null ? { ...settings } : {};
}

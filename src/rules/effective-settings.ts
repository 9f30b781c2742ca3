import type { SeriesLabels } from "../series/labels.js";
import type { MetricOverrides } from "../series/metric-overrides.js";
import type { RunId } from "../series/run.js";
import type { SettingsOverride } from "./override.js";
import { type Voice, voicesOf, type WrittenAt } from "./precedence.js";
import type { Rule } from "./rule.js";
import { type RuleId, ruleOf } from "./rule-registry.js";
import type { RulesConfig } from "./rules-config.js";

/** All that decides which rules judge a run, and how: the config's sections and what people set in chat. */
export interface RuleSettings {
  readonly rules: RulesConfig;
  readonly metrics: MetricOverrides;
  readonly overrides: readonly SettingsOverride[];
  /** Rules of one's own, beside the registry's. */
  readonly extra?: readonly Rule[];
}

export const defaultRuleSettings: RuleSettings = { rules: {}, metrics: {}, overrides: [] };

/** Where a setting comes from; `default` is the rule's own, and what an own rule's section says. */
export type SettingsOrigin = { readonly kind: "default" } | WrittenAt;

/** A rule's complete settings for one series. */
export interface EffectiveSettings {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly enabled: boolean;
  /** Those who had a say, the one that won last. */
  readonly voices: readonly Voice[];
}

export interface SettingsQuestion {
  readonly settings: RuleSettings;
  readonly run: RunId;
  readonly labels: SeriesLabels;
}

/** Settings of one rule for one series: defaults, then what was written, field by field, the most specific last (`voicesOf`). */
export function effectiveSettings(question: SettingsQuestion, id: RuleId): EffectiveSettings {
  return settingsOfRule(question, ruleOf(id));
}

/** The same for a rule that need not be in the registry. What no longer parses has no say. */
export function settingsOfRule(
  { settings: all, run, labels }: SettingsQuestion,
  rule: Rule,
): EffectiveSettings {
  let written: Readonly<Record<string, unknown>> = {};
  let settings = defaultsOf(rule);
  const voices: Voice[] = [];
  for (const voice of voicesOf({ rules: all.rules, overrides: all.overrides, run, labels }, rule.id)) {
    const merged = { ...written, ...voice.settings };
    const next = rule.settings.safeParse(merged);
    if (!next.success) continue;
    written = merged;
    settings = asRecord(next.data);
    voices.push(voice);
  }
  const named = voices.some(({ names }) => names);
  const enabled = settings["enabled"] !== false && (named || rule.appliesTo(labels));
  return { settings, enabled, voices };
}

/** Where one of the settings comes from. */
export function originOf({ voices }: Pick<EffectiveSettings, "voices">, setting: string): SettingsOrigin {
  return voices.findLast(({ settings }) => settings[setting] !== undefined)?.at ?? { kind: "default" };
}

/** The most specific place that had a say. */
export function closestOrigin({ voices }: Pick<EffectiveSettings, "voices">): SettingsOrigin {
  return voices.at(-1)?.at ?? { kind: "default" };
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

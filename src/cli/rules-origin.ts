import { type RuleSettings, settingsOfRule } from "../rules/effective-settings.js";
import { type RuleId, ruleOf } from "../rules/rule-registry.js";
import type { RuleEntry } from "../rules/rules-config.js";
import { runIdOf } from "../series/run.js";
import type { SeriesLabels } from "../series/labels.js";

/** One setting in force, and the entry of the configuration that it came from; `default` where none wrote it. */
export interface SettingOrigin {
  readonly name: string;
  readonly value: unknown;
  readonly from: string;
}

export interface RuleInForce {
  readonly rule: RuleId;
  readonly settings: readonly SettingOrigin[];
}

/** A rule's settings for one series with their origins; undefined where it does not judge the series. */
export function ruleInForce(
  id: RuleId,
  labels: SeriesLabels,
  settings: RuleSettings,
): RuleInForce | undefined {
  const question = { settings, run: runIdOf(labels.run), labels };
  const effective = settingsOfRule(question, ruleOf(id));
  if (!effective.enabled) return undefined;
  const entries = settings.rules[id] ?? [];
  const speaking = entries.map((entry) => covers(id, entry, { labels, settings }));
  return {
    rule: id,
    settings: Object.entries(effective.settings).map(([name, value]) => {
      const wrote = (entry: RuleEntry, i: number): boolean =>
        speaking[i] === true && JSON.stringify(entry.settings[name]) === JSON.stringify(value);
      const last = value === undefined ? -1 : entries.findLastIndex(wrote);
      const entry = entries[last];
      return {
        name,
        value,
        from: entry === undefined ? "default" : entryName(id, entry, [last, entries.length]),
      };
    }),
  };
}

/** Whether an entry has a say about a series, asked of the one place that decides it. */
function covers(
  id: RuleId,
  entry: RuleEntry,
  { labels, settings }: { readonly labels: SeriesLabels; readonly settings: RuleSettings },
): boolean {
  const alone: RuleSettings = { ...settings, rules: { [id]: [entry] }, overrides: [] };
  const question = { settings: alone, run: runIdOf(labels.run), labels };
  return settingsOfRule(question, ruleOf(id)).origin === "config";
}

/** `config`, or `config [2] runs nightly/*` where a list says more than one thing. */
function entryName(id: RuleId, entry: RuleEntry, [at, of]: readonly [number, number]): string {
  const patterns = (["runs", "splits", "tags"] as const).flatMap((kind) => {
    const given = entry[kind];
    return given === undefined
      ? []
      : [`${kind} ${given.slice(0, 3).join(" ")}${given.length > 3 ? " …" : ""}`];
  });
  return ["config", `rules.${id}${of > 1 ? `[${at}]` : ""}`, ...patterns].join(" ");
}

import { matchesGlob } from "../lib/glob.js";
import type { SeriesLabels } from "../series/labels.js";
import type { RunId } from "../series/run.js";
import type { SettingsOverride } from "./override.js";
import type { RuleEntry, RulesConfig } from "./rules-config.js";

/** Where a setting was written: an entry of the configuration (its place among those of its rule), or somebody in chat. */
export type WrittenAt =
  | { readonly kind: "config"; readonly entry: RuleEntry; readonly place: number; readonly of: number }
  | { readonly kind: "chat"; readonly override: SettingsOverride };

/** Somebody who has a say about a rule's settings for one series. */
export interface Voice {
  readonly at: WrittenAt;
  readonly settings: Readonly<Record<string, unknown>>;
  /** It names the series: the rule is on there even where it does not apply by itself. */
  readonly names: boolean;
}

export interface VoicesQuestion {
  readonly rules: RulesConfig;
  readonly overrides: readonly SettingsOverride[];
  readonly run: RunId;
  readonly labels: SeriesLabels;
}

/**
 * All that was written about a rule and covers a series, the one that wins last. Compared by, in this order: how closely
 * it names the run (not at all, a pattern, the run itself; of two patterns the one with more characters besides wildcards),
 * whether it names the watch, chat over configuration, how closely it names the tag, then the split; of equals the
 * newer one in chat, the later one in the file.
 */
export function voicesOf(question: VoicesQuestion, rule: string): readonly Voice[] {
  // A rule of one's own may be called `constructor`.
  const entries = (Object.hasOwn(question.rules, rule) ? question.rules[rule] : undefined) ?? [];
  const ranked: RankedVoice[] = [];
  entries.forEach((entry, place) => {
    const rank = rankOfEntry(entry, question.labels);
    const at: WrittenAt = { kind: "config", entry, place, of: entries.length };
    if (rank !== undefined)
      ranked.push({ rank, at, settings: entry.settings, names: entry.tags !== undefined });
  });
  for (const override of question.overrides) {
    const rank = override.rule === rule ? rankOfOverride(override, question) : undefined;
    if (rank === undefined) continue;
    const enabled = override.enabled === undefined ? {} : { enabled: override.enabled };
    ranked.push({
      rank,
      at: { kind: "chat", override },
      settings: { ...override.settings, ...enabled },
      names: override.tags !== undefined,
    });
  }
  if (ranked.length > 1) ranked.sort((one, other) => byRank(one, other));
  return ranked;
}

interface RankedVoice extends Voice {
  readonly rank: Rank;
}

/** From the weightiest to the least: run, watch, source, tag, split. */
type Rank = readonly [run: number, watch: number, source: number, tag: number, split: number];

const fromConfig = 0;
const fromChat = 1;
const everything = 0;
const exactly = Infinity;

function rankOfEntry(entry: RuleEntry, labels: SeriesLabels): Rank | undefined {
  const { watch, name } = labels.run;
  const watches = entry.watches === undefined ? everything : exactly;
  if (watches === exactly && entry.watchIds?.includes(watch) !== true) return undefined;
  return rank([
    closeness(entry.runs, name),
    watches,
    fromConfig,
    closeness(entry.tags, labels.tag),
    closeness(entry.splits, labels.split),
  ]);
}

function rankOfOverride(override: SettingsOverride, { run, labels }: VoicesQuestion): Rank | undefined {
  const [runRank, watchRank] = scopeRank(override.scope, { run, labels });
  const tags = override.tags === undefined ? everything : override.tags.includes(labels.tag) ? exactly : -1;
  const split = override.split === undefined ? everything : override.split === labels.split ? exactly : -1;
  return rank([runRank, watchRank, fromChat, tags, split]);
}

function scopeRank(
  scope: SettingsOverride["scope"],
  { run, labels }: Pick<VoicesQuestion, "run" | "labels">,
): readonly [run: number, watch: number] {
  switch (scope.kind) {
    case "everyone":
      return [everything, everything];
    case "watch":
      return [everything, scope.watch === labels.run.watch ? exactly : -1];
    case "group":
      return [closeness([scope.runs], labels.run.name), everything];
    case "run":
      return scope.run === run ? [exactly, exactly] : [-1, -1];
  }
}

function rank(parts: Rank): Rank | undefined {
  return parts.some((part) => part < 0) ? undefined : parts;
}

/** How closely patterns name a text: 0 without any, more the more characters are given, infinite where it is given whole, -1 where none fits. */
function closeness(patterns: readonly string[] | undefined, text: string): number {
  if (patterns === undefined) return everything;
  let closest = -1;
  for (const pattern of patterns) if (matchesGlob(pattern, text)) closest = Math.max(closest, given(pattern));
  return closest;
}

function given(pattern: string): number {
  const literal = pattern.replaceAll(/[*?]/g, "").length;
  return literal === pattern.length ? exactly : 1 + literal;
}

function byRank(one: RankedVoice, other: RankedVoice): number {
  for (let i = 0; i < one.rank.length; i += 1) {
    const [a = 0, b = 0] = [one.rank[i], other.rank[i]];
    if (a !== b) return a < b ? -1 : 1;
  }
  if (one.at.kind === "config" || other.at.kind === "config") return placeOf(one) - placeOf(other);
  const [a, b] = [one.at.override, other.at.override];
  return a.at - b.at || (a.id < b.id ? -1 : 1);
}

function placeOf({ at }: RankedVoice): number {
  return at.kind === "config" ? at.place : Infinity;
}

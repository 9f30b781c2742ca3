import type { Locale } from "../lib/locale.js";
import type { Block } from "../message/message.js";
import type { Rule } from "../rules/rule.js";
import { splitSeriesKey } from "../series/run.js";
import type { EffectiveRule } from "./context.js";
import { originWords } from "./origin-words.js";
import { plainSettings, settingsWords } from "./override-words.js";
import { phrase } from "./phrase.js";
import { note } from "./reply.js";
import { shown } from "./shown.js";

const mostRows = 20;
const mostTags = 4;

/** Rules in force as a table; series with the same settings of a rule share a row. Those that somebody set come first. */
export function effectiveTable(
  effective: readonly EffectiveRule[],
  own: readonly Rule[],
  locale: Locale,
): readonly Block[] {
  const rows = new Map<string, { rule: EffectiveRule; words: string; from: string; tags: string[] }>();
  for (const rule of effective) {
    const words = wordsOf(rule, own, locale);
    const from = originsOf(rule, own, locale);
    const key = JSON.stringify([rule.rule, words, from]);
    const row = rows.get(key) ?? { rule, words, from, tags: [] };
    row.tags.push(seriesWord(rule, locale));
    rows.set(key, row);
  }
  if (rows.size === 0) return [];
  const isSet = ({ rule }: { readonly rule: EffectiveRule }): boolean => Object.keys(rule.written).length > 0;
  const all = [...rows.values()];
  const ordered = [...all.filter(isSet), ...all.filter((row) => !isSet(row))];
  const hidden = ordered.length - mostRows;
  return [
    {
      kind: "table",
      columns: [
        phrase(locale, "rule", "规则"),
        phrase(locale, "fires on", "触发条件"),
        phrase(locale, "series", "指标"),
        phrase(locale, "from", "来源"),
      ],
      rows: ordered
        .slice(0, mostRows)
        .map(({ rule, words, from, tags }) => [
          rule.rule,
          words,
          tags.slice(0, mostTags).join(", ") +
            (tags.length > mostTags ? ` … +${tags.length - mostTags}` : ""),
          from,
        ]),
    },
    ...(hidden > 0 ? [note(`… +${hidden}`)] : []),
  ];
}

/** An own rule says its condition, and what else is set. */
function wordsOf({ rule, settings }: EffectiveRule, own: readonly Rule[], locale: Locale): string {
  const mine = own.find(({ id }) => id === rule);
  if (mine === undefined) return settingsWords(rule, settings, locale);
  const set = plainSettings(settings);
  return `${shown(mine.summary[locale], 120)}${set === "–" ? "" : ` ${set}`}`;
}

/** One place, or each setting with its own. */
function originsOf({ rule, written }: EffectiveRule, own: readonly Rule[], locale: Locale): string {
  const named = Object.entries(written).map(([setting, at]) => [setting, originWords(at, locale)] as const);
  const places = new Set(named.map(([, words]) => words));
  if (places.size === 0)
    return own.some(({ id }) => id === rule)
      ? phrase(locale, "own rule", "自定义规则")
      : phrase(locale, "default", "默认");
  if (places.size === 1) return [...places].join("");
  const separator = phrase(locale, "; ", "；");
  return [...places]
    .map((place) => {
      const settings = named.flatMap(([setting, words]) => (words === place ? [setting] : []));
      return `${settings.join(" ")}: ${place}`;
    })
    .join(separator);
}

function seriesWord({ series }: EffectiveRule, locale: Locale): string {
  const { split, tag } = splitSeriesKey(series);
  if (tag === "") return phrase(locale, "whole run", "整个运行");
  return split === "" ? shown(tag, 40) : `${shown(tag, 40)} (${shown(split, 20)})`;
}

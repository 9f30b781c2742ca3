import type { Locale } from "../lib/locale.js";
import type { Block } from "../message/message.js";
import { splitSeriesKey } from "../series/run.js";
import type { EffectiveRule } from "./context.js";
import { settingsWords } from "./override-words.js";
import { phrase } from "./phrase.js";
import { note } from "./reply.js";
import { shown } from "./shown.js";

const mostRows = 20;
const mostTags = 4;

/** Rules in force as a table; series with the same settings of a rule share a row. */
export function effectiveTable(effective: readonly EffectiveRule[], locale: Locale): readonly Block[] {
  const rows = new Map<string, { rule: EffectiveRule; tags: string[] }>();
  for (const rule of effective) {
    const words = settingsWords(rule.rule, rule.settings, locale);
    const key = JSON.stringify([rule.rule, words, rule.origin]);
    const row = rows.get(key) ?? { rule, tags: [] };
    row.tags.push(seriesWord(rule));
    rows.set(key, row);
  }
  if (rows.size === 0) return [];
  const hidden = rows.size - mostRows;
  return [
    {
      kind: "table",
      columns: [
        phrase(locale, "rule", "规则"),
        phrase(locale, "fires on", "触发条件"),
        phrase(locale, "series", "指标"),
        phrase(locale, "from", "来源"),
      ],
      rows: [...rows.values()]
        .slice(0, mostRows)
        .map(({ rule, tags }) => [
          rule.rule,
          settingsWords(rule.rule, rule.settings, locale),
          tags.slice(0, mostTags).join(", ") +
            (tags.length > mostTags ? ` … +${tags.length - mostTags}` : ""),
          originWord(rule.origin, locale),
        ]),
    },
    ...(hidden > 0 ? [note(`… +${hidden}`)] : []),
  ];
}

function seriesWord({ series }: EffectiveRule): string {
  const { split, tag } = splitSeriesKey(series);
  if (tag === "") return "–";
  return split === "" ? shown(tag, 40) : `${shown(tag, 40)} (${shown(split, 20)})`;
}

function originWord(origin: EffectiveRule["origin"], locale: Locale): string {
  switch (origin) {
    case "default":
      return phrase(locale, "default", "默认");
    case "config":
      return phrase(locale, "config", "配置");
    case "everyone":
      return phrase(locale, "chat, everyone", "会话（所有运行）");
    case "run":
      return phrase(locale, "chat, this run", "会话（此运行）");
  }
}

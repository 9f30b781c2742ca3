import type { Episode } from "../alerts/episode.js";
import { formatCount, formatNumber } from "../message/format-number.js";
import { formatAgo } from "../message/format-time.js";
import type { Text, Tone } from "../message/message.js";
import { plainSentence } from "../message/plain-name.js";
import type { Locale } from "../lib/locale.js";
import { isRuleId, ruleOf } from "../rules/rule-registry.js";
import type { CommandContext, SeriesSummary } from "./context.js";
import { phrase } from "./phrase.js";
import { shown } from "./shown.js";

/** The tone of the worst of these; undefined where there are none. */
export function episodeTone(episodes: readonly Episode[]): Tone | undefined {
  const tones = episodes.map(({ severity }) => severity);
  return (["critical", "warning", "info"] as const).find((tone) => tones.includes(tone));
}

/** One episode as a line of a list: severity, what happened, since when, acknowledged by whom. */
export function episodeLine(
  episode: Episode,
  series: readonly SeriesSummary[],
  { locale, now }: Pick<CommandContext, "locale" | "now">,
): Text {
  const { opened, ack } = episode;
  const ago = formatAgo(opened.wallTime * 1_000, now, locale);
  return [
    { kind: "strong", text: severityWord(episode.severity, locale) },
    `${phrase(locale, ": ", "：")}${whatHappened(episode, series, locale)}`,
    phrase(
      locale,
      ` (step ${formatCount(opened.step)}, ${ago})`,
      `（第 ${formatCount(opened.step)} 步，${ago}）`,
    ),
    ...(episode.state === "resolved" ? [phrase(locale, ", resolved", "，已恢复")] : []),
    ...(ack === undefined
      ? []
      : [phrase(locale, `, acknowledged by ${shown(ack.by)}`, `，已由 ${shown(ack.by)} 确认`)]),
  ];
}

function whatHappened(episode: Episode, series: readonly SeriesSummary[], locale: Locale): string {
  const { rule, tag, split, evidence } = episode;
  const labels =
    series.find((one) => one.labels.tag === tag && one.labels.split === split)?.labels ??
    (tag === "" ? series[0]?.labels : undefined);
  if (isRuleId(rule) && labels !== undefined) return ruleOf(rule).say(evidence, locale, labels);
  const words = evidence.words?.[locale];
  if (words !== undefined) return plainSentence(words, 160);
  const where = tag === "" ? "" : ` ${shown(tag)}`;
  return `${shown(rule, 40)}${where} = ${formatNumber(episode.opened.value)}`;
}

/** A severity as a word. */
export function severityWord(severity: Episode["severity"], locale: Locale): string {
  switch (severity) {
    case "critical":
      return phrase(locale, "critical", "严重");
    case "warning":
      return phrase(locale, "warning", "警告");
    case "info":
      return phrase(locale, "info", "提示");
  }
}

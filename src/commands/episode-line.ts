import type { Episode } from "../alerts/episode.js";
import { formatNumber } from "../message/format-number.js";
import { formatAgo } from "../message/format-time.js";
import type { Text, Tone } from "../message/message.js";
import type { CommandContext, SeriesSummary } from "./context.js";
import { phrase } from "./phrase.js";
import { metricName } from "../rules/metric-name.js";
import { shown } from "./shown.js";

/** The tone of the worst of these; undefined where there are none. */
export function episodeTone(episodes: readonly Episode[]): Tone | undefined {
  const tones = episodes.map(({ severity }) => severity);
  return (["critical", "warning", "info"] as const).find((tone) => tones.includes(tone));
}

/** One episode as a line of a list: severity, rule, series, since when, acknowledged by whom. */
export function episodeLine(
  episode: Episode,
  series: readonly SeriesSummary[],
  { locale, now }: Pick<CommandContext, "locale" | "now">,
): Text {
  const labels = series.find((one) => one.labels.tag === episode.tag && one.labels.split === episode.split);
  const where = labels === undefined ? shown(episode.tag, 60) : metricName(labels.labels);
  const step = episode.opened.step;
  return [
    { kind: "strong", text: severityWord(episode.severity, locale) },
    ` ${shown(episode.rule, 40)} `,
    { kind: "code", text: where === "" ? "–" : where },
    phrase(
      locale,
      ` = ${formatNumber(episode.opened.value)} at step ${step}, ${formatAgo(episode.opened.wallTime * 1_000, now, locale)}`,
      ` = ${formatNumber(episode.opened.value)}（第 ${step} 步，${formatAgo(episode.opened.wallTime * 1_000, now, locale)}）`,
    ),
    ...(episode.state === "resolved" ? [phrase(locale, ", resolved", "，已恢复")] : []),
    ...(episode.ack === undefined
      ? []
      : [
          phrase(
            locale,
            `, acknowledged by ${shown(episode.ack.by)}`,
            `，已由 ${shown(episode.ack.by)} 确认`,
          ),
        ]),
  ];
}

function severityWord(severity: Episode["severity"], locale: "en" | "zh"): string {
  switch (severity) {
    case "critical":
      return phrase(locale, "critical", "严重");
    case "warning":
      return phrase(locale, "warning", "警告");
    case "info":
      return phrase(locale, "info", "提示");
  }
}

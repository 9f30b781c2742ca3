import { lowerBound } from "../chart/thin-line.js";
import type { Locale } from "../lib/locale.js";
import type { ChartLine, ChartMark, ChartSpec } from "../message/chart-spec.js";
import { formatChange, formatCount, formatNumber } from "../message/format-number.js";
import { plainName } from "../message/plain-name.js";
import type { SeriesLabels } from "../series/labels.js";
import type { PointColumns } from "../series/point.js";
import type { Run } from "../series/run.js";
import { runWord, saidOf } from "./compose-speech.js";
import type { Episode } from "./episode.js";
import { chartLabels } from "./wording-chart.js";

/** A metric to draw: its effective points in step order, the same tag of other splits, and the episode it is about. */
export interface SeriesChart {
  readonly locale: Locale;
  readonly run: Run;
  readonly labels: SeriesLabels;
  readonly points: PointColumns;
  readonly others: readonly { readonly split: string; readonly points: PointColumns }[];
  readonly episode?: Episode;
}

const wholeBelow = 400;
const leastBefore = 300;
const atMostOthers = 4;

/** The chart of a series: everything, or with an episode the stretch around it with what came before, and its evidence. */
export function chartSpecOf(chart: SeriesChart): ChartSpec {
  const { locale, run, labels, points, episode } = chart;
  const around = episode === undefined ? undefined : windowOf(points, episode);
  const words = chartLabels[locale];
  const subtitle = episode === undefined ? lastSaid(points, locale) : saidOf(episode, labels, locale);
  return {
    locale,
    title: `${plainName(labels.tag, 60)} – ${runWord(run, locale)}`,
    ...(subtitle === undefined ? {} : { subtitle }),
    lines: [
      ...chart.others.slice(0, atMostOthers).map((other): ChartLine => ({
        label: lineLabel(other.split, labels.tag),
        weight: "dimmed",
        ...cut(other.points, around),
      })),
      { label: lineLabel(labels.split, labels.tag), weight: "main", ...cut(points, around) },
    ],
    marks: episode === undefined ? [] : marksOf(episode, words),
    scale: labels.kind === "accuracy" || labels.kind === "learning-rate" ? "linear" : "auto",
  };
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Short series whole; else before the evidence at least 300 points, four times its length and a quarter of the run; after it a third of that. */
function windowOf({ step }: PointColumns, { evidence, opened }: Episode): Stretch | undefined {
  if (step.length <= wholeBelow) return undefined;
  const first = lowerBound(step, Math.min(evidence.from ?? opened.step, opened.step));
  const last = lowerBound(step, Math.max(evidence.to ?? opened.step, opened.step));
  const before = Math.max(leastBefore, 4 * (last - first), Math.ceil(last / 4));
  const start = Math.max(0, first - before);
  const end = Math.min(step.length - 1, last + Math.ceil(before / 3));
  return { from: step[start] ?? -Infinity, to: step[end] ?? Infinity };
}

function cut({ step, value }: PointColumns, around: Stretch | undefined): Pick<ChartLine, "step" | "value"> {
  if (around === undefined) return { step, value };
  const start = lowerBound(step, around.from);
  const after = lowerBound(step, around.to);
  const end = step[after] === around.to ? after + 1 : after;
  return { step: step.subarray(start, end), value: value.subarray(start, end) };
}

function marksOf({ evidence, opened }: Episode, words: (typeof chartLabels)["en"]): readonly ChartMark[] {
  const { from, to = opened.step, level } = evidence;
  return [
    ...(from !== undefined && to > from
      ? [{ kind: "span" as const, from, to, label: spanLabel(evidence, words) }]
      : []),
    { kind: "moment", step: opened.step, label: words.step(formatCount(opened.step)) },
    ...(level === undefined || !Number.isFinite(level)
      ? []
      : [{ kind: "level" as const, value: level, label: levelLabel(evidence.numbers, level, words) }]),
  ];
}

/** `5 times, +0.83` where the rule counted and summed, else how far the value went. */
function spanLabel({ numbers }: Episode["evidence"], words: (typeof chartLabels)["en"]): string {
  const { count, before, value } = numbers;
  const change = before === undefined || value === undefined ? "" : formatChange(value - before);
  return [...(count === undefined ? [] : [words.times(count)]), ...(change === "" ? [] : [change])].join(
    words.comma,
  );
}

function levelLabel(
  { best, start }: Episode["evidence"]["numbers"],
  level: number,
  words: (typeof chartLabels)["en"],
): string {
  const number = formatNumber(level);
  if (best === level) return words.best(number);
  return start === level ? words.start(number) : words.limit(number);
}

function lineLabel(split: string, tag: string): string {
  return plainName(split === "" ? (tag.split("/").at(-1) ?? tag) : split, 40);
}

function lastSaid({ step, value }: PointColumns, locale: Locale): string | undefined {
  if (step.length === 0) return undefined;
  return chartLabels[locale].last(formatNumber(value.at(-1) ?? Number.NaN), formatCount(step.at(-1) ?? 0));
}

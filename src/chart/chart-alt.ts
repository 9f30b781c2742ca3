import type { ChartLine, ChartMark, ChartSpec } from "../message/chart-spec.js";
import { formatCount, formatNumber } from "../message/format-number.js";
import { plainName, plainSentence } from "../message/plain-name.js";
import { chartWords, type ChartWords } from "./chart-words.js";
import { extremesBetween } from "./extremes-between.js";

const atMost = 600;

/** What a chart shows, in numbers, for those who cannot see it and where pictures fail. */
export function chartAlt(spec: ChartSpec): string {
  const words = chartWords[spec.locale].alt;
  const main = spec.lines.find((line) => line.weight === "main") ?? spec.lines[0];
  const others = spec.lines.filter((line) => line !== main);
  const parts = [
    words.chartOf(plainName(spec.title, 120)),
    ...(main === undefined ? [words.empty] : describe(main, words)),
    ...spec.marks.slice(0, 5).map((mark) => describeMark(mark, words)),
    ...(others.length === 0 ? [] : [words.beside(others.slice(0, 5).map((line) => last(line, words)))]),
  ];
  return plainSentence(parts.join(words.comma), atMost);
}

function describe(line: ChartLine, words: ChartWords["alt"]): readonly string[] {
  const points = line.step.length;
  if (points === 0) return [words.empty];
  const steps = words.steps(formatCount(line.step[0] ?? 0), formatCount(line.step.at(-1) ?? 0));
  const range = extremesBetween(line, { from: -Infinity, to: Infinity });
  const extremes =
    range === undefined
      ? []
      : [
          words.lowest(formatNumber(range.min.value), formatCount(range.min.step)),
          words.highest(formatNumber(range.max.value), formatCount(range.max.step)),
        ];
  const broken = line.value.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
  return [
    steps,
    words.points(points),
    words.last(formatNumber(line.value.at(-1) ?? Number.NaN)),
    ...extremes,
    ...(broken === 0 ? [] : [words.nonFinite(broken)]),
  ];
}

function describeMark(mark: ChartMark, words: ChartWords["alt"]): string {
  const label = plainName(mark.label, 80);
  switch (mark.kind) {
    case "moment":
      return words.moment(label);
    case "span":
      return mark.label === ""
        ? words.unnamedSpan(formatCount(mark.from), formatCount(mark.to))
        : words.span(label, formatCount(mark.from), formatCount(mark.to));
    case "level":
      return words.level(label);
  }
}

function last(line: ChartLine, words: ChartWords["alt"]): string {
  return words.lastOf(plainName(line.label, 40), formatNumber(line.value.at(-1) ?? Number.NaN));
}

import type { Locale } from "../lib/locale.js";

/** The few words a chart says by itself, and its description in words. */
export interface ChartWords {
  readonly step: string;
  readonly empty: string;
  readonly nothingFinite: string;
  readonly logScale: string;
  readonly above: string;
  readonly below: string;
  readonly alt: {
    readonly comma: string;
    readonly chartOf: (title: string) => string;
    readonly empty: string;
    readonly steps: (from: string, to: string) => string;
    readonly points: (count: number) => string;
    readonly last: (value: string) => string;
    readonly lowest: (value: string, step: string) => string;
    readonly highest: (value: string, step: string) => string;
    readonly nonFinite: (count: number) => string;
    readonly moment: (label: string) => string;
    readonly span: (label: string, from: string, to: string) => string;
    readonly unnamedSpan: (from: string, to: string) => string;
    readonly level: (label: string) => string;
    readonly beside: (lines: readonly string[]) => string;
    readonly lastOf: (label: string, value: string) => string;
  };
}

export const chartWords: Readonly<Record<Locale, ChartWords>> = {
  en: {
    step: "step",
    empty: "no points yet",
    nothingFinite: "no finite values",
    logScale: "log scale",
    above: "above the picture",
    below: "below the picture",
    alt: {
      comma: ", ",
      chartOf: (title) => `Chart of ${title}`,
      empty: "no points yet",
      steps: (from, to) => `steps ${from} to ${to}`,
      points: (count) => `${count} point${count === 1 ? "" : "s"}`,
      last: (value) => `last ${value}`,
      lowest: (value, step) => `lowest ${value} at step ${step}`,
      highest: (value, step) => `highest ${value} at step ${step}`,
      nonFinite: (count) => `${count} NaN or infinite`,
      moment: (label) => `alert at ${label}`,
      span: (label, from, to) => `${label} between steps ${from} and ${to}`,
      unnamedSpan: (from, to) => `marked from step ${from} to ${to}`,
      level: (label) => `line at ${label}`,
      beside: (lines) => `dimmed beside it: ${lines.join(", ")}`,
      lastOf: (label, value) => `${label} (last ${value})`,
    },
  },
  zh: {
    step: "步数",
    empty: "暂无数据点",
    nothingFinite: "没有有限值",
    logScale: "对数坐标",
    above: "超出上边界",
    below: "超出下边界",
    alt: {
      comma: "，",
      chartOf: (title) => `图表：${title}`,
      empty: "暂无数据点",
      steps: (from, to) => `第 ${from} 至 ${to} 步`,
      points: (count) => `${count} 个数据点`,
      last: (value) => `最新值 ${value}`,
      lowest: (value, step) => `最低 ${value}（第 ${step} 步）`,
      highest: (value, step) => `最高 ${value}（第 ${step} 步）`,
      nonFinite: (count) => `${count} 个 NaN 或无穷值`,
      moment: (label) => `告警于${label}`,
      span: (label, from, to) => `${label}（第 ${from} 至 ${to} 步）`,
      unnamedSpan: (from, to) => `标出第 ${from} 至 ${to} 步`,
      level: (label) => `水平线：${label}`,
      beside: (lines) => `淡色线：${lines.join("，")}`,
      lastOf: (label, value) => `${label}（最新值 ${value}）`,
    },
  },
};

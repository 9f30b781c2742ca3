import type { Locale } from "../lib/locale.js";

/** The few words a chart says by itself. */
export interface ChartWords {
  readonly step: string;
  readonly empty: string;
  readonly nothingFinite: string;
  readonly logScale: string;
  readonly above: string;
  readonly below: string;
}

export const chartWords: Readonly<Record<Locale, ChartWords>> = {
  en: {
    step: "step",
    empty: "no points yet",
    nothingFinite: "no finite values",
    logScale: "log scale",
    above: "above the picture",
    below: "below the picture",
  },
  zh: {
    step: "步数",
    empty: "暂无数据点",
    nothingFinite: "没有有限值",
    logScale: "对数坐标",
    above: "在图上方之外",
    below: "在图下方之外",
  },
};

import type { Locale } from "../lib/locale.js";

interface ChartLabels {
  readonly comma: string;
  readonly step: (step: string) => string;
  readonly times: (count: number) => string;
  readonly limit: (value: string) => string;
  readonly best: (value: string) => string;
  readonly start: (value: string) => string;
  readonly last: (value: string, step: string) => string;
}

/** Labels inside the charts of series and alerts, by language. */
export const chartLabels: Readonly<Record<Locale, ChartLabels>> = {
  en: {
    comma: ", ",
    step: (step) => `step ${step}`,
    times: (count) => `${count} in a row`,
    limit: (value) => `limit ${value}`,
    best: (value) => `best ${value}`,
    start: (value) => `start ${value}`,
    last: (value, step) => `last ${value} at step ${step}`,
  },
  zh: {
    comma: "，",
    step: (step) => `第 ${step} 步`,
    times: (count) => `连续 ${count} 次`,
    limit: (value) => `阈值 ${value}`,
    best: (value) => `最佳值 ${value}`,
    start: (value) => `起点 ${value}`,
    last: (value, step) => `最新值 ${value}（第 ${step} 步）`,
  },
};

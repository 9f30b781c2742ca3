import { z } from "zod";
import { formatNumber } from "../../message/format-number.js";
import { metricName } from "../metric-name.js";
import { enabled } from "../on-or-off.js";
import { OutlierDetector, outlierMemory } from "../outlier-detector.js";
import type { Rule } from "../rule.js";

const settings = z.strictObject({
  enabled,
  least: z.number().min(0).default(1e-7).describe("A norm below this is as good as none."),
  times: z.number().min(2).default(100).describe("Or so many times below the median of the last 64."),
  count: z.int().min(1).max(30).default(20).describe("Points in a row."),
});
type Settings = z.output<typeof settings>;

const warmUp = 64;

/** A gradient norm < least or < median(64) / times for `count` points, after the first 64. */
export const gradVanishing: Rule<Settings> = {
  id: "grad_vanishing",
  severity: "warning",
  settings,
  looksBack: true,
  memoryBound: outlierMemory,
  summary: { en: "The gradient norm has all but vanished.", zh: "梯度范数几乎消失。" },
  say: ({ numbers }, locale, labels) => {
    const { value = 0, usual = 0 } = numbers;
    const [name, now, before] = [metricName(labels), formatNumber(value), formatNumber(usual)];
    return locale === "zh"
      ? `${name} 几乎消失：${now}，平时约 ${before}`
      : `${name} has all but vanished: ${now}, usually about ${before}`;
  },
  appliesTo: ({ kind }) => kind === "gradient-norm",
  detector: ({ least, times, count }, _labels, memory) =>
    new OutlierDetector(
      {
        sign: -1,
        count,
        judge: ({ value }, { level, count: points }) => {
          const limit = Math.max(least, level / times);
          return points > warmUp && value < limit ? { level, limit, back: 10 * limit } : undefined;
        },
      },
      memory,
    ),
};

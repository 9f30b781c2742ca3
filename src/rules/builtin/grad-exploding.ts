import { z } from "zod";
import { metricName } from "../metric-name.js";
import { enabled } from "../on-or-off.js";
import { OutlierDetector, outlierMemory } from "../outlier-detector.js";
import type { Rule } from "../rule.js";
import { saySpike } from "../say-spike.js";

const settings = z.strictObject({
  enabled,
  times: z.number().min(2).default(100).describe("Times the median of the last 64."),
  count: z.int().min(1).max(20).default(3).describe("Points in a row."),
});
type Settings = z.output<typeof settings>;

const warmUp = 8;

/** A finite gradient norm > times · median(64) for `count` points; spikes of ten times are everyday, infinities are `non_finite`'s. */
export const gradExploding: Rule<Settings> = {
  id: "grad_exploding",
  severity: "critical",
  settings,
  looksBack: true,
  memoryBound: outlierMemory,
  summary: {
    en: "The gradient norm is many times what is usual.",
    zh: "梯度范数达到平时的许多倍。",
  },
  say: (evidence, locale, labels) => saySpike(evidence, locale, metricName(labels)),
  appliesTo: ({ kind }) => kind === "gradient-norm",
  detector: ({ times, count }, _labels, memory) =>
    new OutlierDetector(
      {
        sign: 1,
        count,
        judge: ({ value }, { level, count: points }) =>
          points > warmUp && level > 0 && value > times * level
            ? { level, limit: times * level, back: 10 * level }
            : undefined,
      },
      memory,
    ),
};

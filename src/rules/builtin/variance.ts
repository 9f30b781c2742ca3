import { z } from "zod";
import { varianceOf } from "../../eventlog/histogram-summary.js";
import { formatNumber } from "../../message/format-number.js";
import type { Point } from "../../series/point.js";
import { metricName } from "../metric-name.js";
import type { Detector, DetectorMemory, Rule, Verdict } from "../rule.js";
import { allWell, cleared } from "../verdicts.js";

const settings = z.strictObject({
  enabled: z.boolean().default(true).describe("Whether the rule judges at all."),
  min: z.number().min(0).optional().describe("The smallest variance that is well."),
  max: z.number().min(0).optional().describe("The largest variance that is well."),
});
type Settings = z.output<typeof settings>;

/** A tensor's variance outside what a person set; applies nowhere by itself. */
export const variance: Rule<Settings> = {
  id: "variance",
  severity: "info",
  input: "histograms",
  settings,
  memoryBound: 1,
  summary: {
    en: "A tensor's variance leaves the range that a person set, by its histograms.",
    zh: "直方图显示张量的方差超出人工设定的范围。",
  },
  say: ({ numbers, level = NaN }, locale, labels) => {
    const { variance: found = NaN, above = 1 } = numbers;
    const [name, shown, limit] = [metricName(labels), formatNumber(found), formatNumber(level)];
    return locale === "zh"
      ? `${name} 的方差为 ${shown}，${above === 1 ? "高于" : "低于"} ${limit}`
      : `${name}: the variance is ${shown}, ${above === 1 ? "above" : "below"} ${limit}`;
  },
  appliesTo: () => false,
  detector: (chosen) => new VarianceDetector(chosen),
};

class VarianceDetector implements Detector {
  readonly #settings: Settings;

  constructor(chosen: Settings) {
    this.#settings = chosen;
  }

  observe({ step, histogram }: Point): Verdict {
    if (histogram === undefined || histogram.nonFinite !== undefined) return allWell;
    const { min = 0, max = Infinity } = this.#settings;
    const found = varianceOf(histogram);
    if (found >= min && found <= max) return cleared;
    const above = found > max ? 1 : 0;
    const numbers = { variance: found, above };
    return { kind: "breach", evidence: { numbers, to: step, level: above === 1 ? max : min } };
  }

  reset(): Verdict {
    return allWell;
  }

  memory(): DetectorMemory {
    return new Uint8Array(0);
  }
}

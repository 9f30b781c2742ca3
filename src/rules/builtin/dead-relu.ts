import { z } from "zod";
import { metricName } from "../metric-name.js";
import { histogramKind } from "../histogram-kind.js";
import type { Detector, DetectorMemory, Rule, Verdict } from "../rule.js";
import { allWell, cleared } from "../verdicts.js";
import type { Point } from "../../series/point.js";

const settings = z.strictObject({
  enabled: z.boolean().default(true).describe("Whether the rule judges at all."),
  share: z.number().min(0).max(1).default(0.9).describe("Share of the activations that are zero or below."),
  for: z.int().min(1).max(1_000).default(3).describe("Histograms in a row."),
  clear: z.number().min(0).max(1).default(0.8).describe("Below this share it is over."),
});
type Settings = z.output<typeof settings>;

/** Nearly all activations of a layer in the buckets at or below zero: its units no longer answer. */
export const deadRelu: Rule<Settings> = {
  id: "dead_relu",
  severity: "warning",
  input: "histograms",
  settings,
  memoryBound: 1,
  summary: {
    en: "Nearly all activations of a layer are zero, by its histograms.",
    zh: "直方图显示某层的激活几乎全为零。",
  },
  say: ({ numbers }, locale, labels) => {
    const { share = NaN, histograms = 1 } = numbers;
    const [name, percent] = [metricName(labels), Math.floor(share * 100)];
    return locale === "zh"
      ? `${name}：连续 ${histograms} 个直方图中 ${percent}% 的激活为零`
      : `${name}: ${percent} % of the activations are zero, ${histograms} histograms in a row`;
  },
  appliesTo: ({ tag }) => histogramKind(tag) === "activation",
  hold: ({ for: histograms }) => ({ breaches: histograms, clears: 1 }),
  detector: (chosen) => new DeadReluDetector(chosen),
};

/** Holds nothing: the count of histograms in a row is the episode's. */
class DeadReluDetector implements Detector {
  readonly #settings: Settings;

  constructor(chosen: Settings) {
    this.#settings = chosen;
  }

  observe({ step, histogram }: Point): Verdict {
    if (histogram === undefined || histogram.nonFinite !== undefined) return allWell;
    const { zeroShare } = histogram;
    if (zeroShare >= this.#settings.share) {
      const numbers = { share: zeroShare, histograms: this.#settings.for };
      return { kind: "breach", evidence: { numbers, to: step } };
    }
    return zeroShare < this.#settings.clear ? cleared : allWell;
  }

  reset(): Verdict {
    return allWell;
  }

  memory(): DetectorMemory {
    return new Uint8Array(0);
  }
}

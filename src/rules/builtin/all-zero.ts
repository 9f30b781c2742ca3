import { z } from "zod";
import { ByteWriter } from "../../lib/byte-writer.js";
import type { Point } from "../../series/point.js";
import { recall } from "../detector-memory.js";
import { histogramKind } from "../histogram-kind.js";
import { metricName } from "../metric-name.js";
import type { Detector, DetectorMemory, Rule, Verdict } from "../rule.js";
import { allWell, cleared } from "../verdicts.js";

const settings = z.strictObject({
  enabled: z.boolean().default(true).describe("Whether the rule judges at all."),
});
type Settings = z.output<typeof settings>;

/** A tensor of zeros alone. Biases begin at zero by design: they are judged once they have been something else. */
export const allZero: Rule<Settings> = {
  id: "all_zero",
  severity: "warning",
  input: "histograms",
  settings,
  memoryBound: 16,
  summary: { en: "All values of a tensor are zero, by its histogram.", zh: "直方图显示张量的值全为零。" },
  say: ({ numbers }, locale, labels) => {
    const { count = 0 } = numbers;
    const name = metricName(labels);
    return locale === "zh" ? `${name}：${count} 个值全为零` : `${name}: all ${count} values are zero`;
  },
  appliesTo: () => true,
  detector: (_chosen, { tag }, memory) => new AllZeroDetector(histogramKind(tag) === "bias", memory),
};

const version = 1;

class AllZeroDetector implements Detector {
  readonly #beginsAtZero: boolean;
  /** Step of the first histogram with another value. */
  #movedAt = NaN;

  constructor(beginsAtZero: boolean, memory: DetectorMemory | undefined) {
    this.#beginsAtZero = beginsAtZero;
    recall(memory, version, (reader) => {
      this.#movedAt = reader.f64();
    });
  }

  observe({ step, histogram }: Point): Verdict {
    if (histogram === undefined || histogram.nonFinite !== undefined) return allWell;
    if (histogram.min !== 0 || histogram.max !== 0) {
      if (Number.isNaN(this.#movedAt)) this.#movedAt = step;
      return cleared;
    }
    if (this.#beginsAtZero && Number.isNaN(this.#movedAt)) return allWell;
    return { kind: "breach", evidence: { numbers: { count: histogram.count }, to: step } };
  }

  reset(step: number): Verdict {
    if (this.#movedAt >= step) this.#movedAt = NaN;
    return allWell;
  }

  memory(): DetectorMemory {
    return new ByteWriter().u8(version).f64(this.#movedAt).finish();
  }
}

import { z } from "zod";
import { largestSize } from "../../eventlog/histogram-summary.js";
import { ByteWriter } from "../../lib/byte-writer.js";
import { formatNumber } from "../../message/format-number.js";
import type { Point } from "../../series/point.js";
import { recall } from "../detector-memory.js";
import { histogramKind } from "../histogram-kind.js";
import { metricName } from "../metric-name.js";
import type { Detector, DetectorMemory, Rule, Verdict } from "../rule.js";
import { allWell, cleared } from "../verdicts.js";

const settings = z.strictObject({
  enabled: z.boolean().default(true).describe("Whether the rule judges at all."),
  times: z.number().min(1).max(1e6).default(5).describe("How many times the size of the first histogram."),
  growing: z
    .int()
    .min(1)
    .max(1_000)
    .default(5)
    .describe("Histograms in a row, each larger than the one before."),
  least: z.number().min(0).default(1).describe("Weights smaller than this do not explode."),
});
type Settings = z.output<typeof settings>;

/** Below this share of the limit it is over. */
const hysteresis = 0.8;

/** The largest weight is many times what it was at first, and still grows. */
export const weightsExploding: Rule<Settings> = {
  id: "weights_exploding",
  severity: "warning",
  input: "histograms",
  settings,
  memoryBound: 48,
  summary: {
    en: "The largest weight grows far beyond where it began, by its histograms.",
    zh: "直方图显示最大权重远超初始值且仍在增长。",
  },
  say: ({ numbers }, locale, labels) => {
    const { size = NaN, initial = NaN, histograms = 1 } = numbers;
    const [name, shown, first] = [metricName(labels), formatNumber(size), formatNumber(initial)];
    return locale === "zh"
      ? `${name}：最大绝对值从 ${first} 增至 ${shown}，连续 ${histograms} 个直方图增长`
      : `${name}: the largest weight grew from ${first} to ${shown}, ${histograms} histograms in a row`;
  },
  appliesTo: ({ tag }) => histogramKind(tag) === "weights",
  detector: (chosen, _labels, memory) => new WeightsExplodingDetector(chosen, memory),
};

const version = 1;

class WeightsExplodingDetector implements Detector {
  readonly #settings: Settings;
  #initial = NaN;
  #initialAt = NaN;
  /** Sizes of the newest histogram and of the one before it. */
  #last = NaN;
  #before = NaN;
  #growing = 0;

  constructor(chosen: Settings, memory: DetectorMemory | undefined) {
    this.#settings = chosen;
    recall(memory, version, (reader) => {
      this.#initial = reader.f64();
      this.#initialAt = reader.f64();
      this.#last = reader.f64();
      this.#before = reader.f64();
      this.#growing = reader.u32();
    });
  }

  observe({ step, histogram }: Point): Verdict {
    if (histogram === undefined || histogram.nonFinite !== undefined) return allWell;
    const size = largestSize(histogram);
    this.#growing = size > this.#last ? Math.min(this.#growing + 1, 1_000_000) : 0;
    this.#before = this.#last;
    this.#last = size;
    if (Number.isNaN(this.#initial) && size > 0) {
      this.#initial = size;
      this.#initialAt = step;
    }
    const { times, growing, least } = this.#settings;
    const limit = Math.max(times * this.#initial, least);
    if (size > limit && this.#growing >= growing) {
      const numbers = { size, initial: this.#initial, histograms: this.#growing };
      return { kind: "breach", evidence: { numbers, to: step, level: limit } };
    }
    return size < hysteresis * limit ? cleared : allWell;
  }

  reset(step: number): Verdict {
    this.#last = NaN;
    this.#before = NaN;
    this.#growing = 0;
    if (this.#initialAt >= step) {
      this.#initial = NaN;
      this.#initialAt = NaN;
    }
    return allWell;
  }

  replace(): void {
    this.#last = this.#before;
    this.#growing = Math.max(0, this.#growing - 1);
  }

  memory(): DetectorMemory {
    return new ByteWriter()
      .u8(version)
      .f64(this.#initial)
      .f64(this.#initialAt)
      .f64(this.#last)
      .f64(this.#before)
      .u32(this.#growing)
      .finish();
  }
}

import { z } from "zod";
import type { HistogramSummary } from "../../eventlog/histogram-summary.js";
import { ByteWriter } from "../../lib/byte-writer.js";
import type { Point } from "../../series/point.js";
import { recall } from "../detector-memory.js";
import { histogramKind } from "../histogram-kind.js";
import { metricName } from "../metric-name.js";
import type { Detector, DetectorMemory, Rule, Verdict } from "../rule.js";
import { allWell, cleared } from "../verdicts.js";

const settings = z.strictObject({
  enabled: z.boolean().default(true).describe("Whether the rule judges at all."),
  for: z.int().min(2).max(1_000).default(3).describe("Histograms in a row that are the same."),
  rtol: z.number().min(0).max(1).default(1e-5).describe("Relative difference that still counts as the same."),
  atol: z.number().min(0).default(1e-8).describe("Absolute difference that still counts as the same."),
});
type Settings = z.output<typeof settings>;

/** Weights that stopped changing; those that never did may be frozen by design: information only. */
export const weightsUnchanged: Rule<Settings> = {
  id: "weights_unchanged",
  severity: "warning",
  input: "histograms",
  settings,
  memoryBound: 64,
  summary: { en: "Weights no longer change, by their histograms.", zh: "直方图显示权重不再变化。" },
  say: ({ numbers }, locale, labels) => {
    const { histograms = 1, never = 0 } = numbers;
    const name = metricName(labels);
    if (locale === "zh")
      return `${name}：连续 ${histograms} 个直方图权重没有变化${never === 1 ? "（从未变化）" : ""}`;
    const since = never === 1 ? " (they never did)" : "";
    return `${name}: the weights did not change over ${histograms} histograms${since}`;
  },
  appliesTo: ({ tag }) => histogramKind(tag) === "weights",
  detector: (chosen, _labels, memory) => new WeightsUnchangedDetector(chosen, memory),
};

const version = 1;
/** Sum, sum of squares, minimum, maximum. */
type Moments = readonly [number, number, number, number];

class WeightsUnchangedDetector implements Detector {
  readonly #settings: Settings;
  /** What the first of the same histograms in a row was, so that a slow drift is a change. */
  #first: Moments | undefined;
  #same = 0;
  /** Step at which they were first seen to change. */
  #changedAt = NaN;

  constructor(chosen: Settings, memory: DetectorMemory | undefined) {
    this.#settings = chosen;
    recall(memory, version, (reader) => {
      this.#same = reader.u32();
      this.#changedAt = reader.f64();
      if (this.#same > 0) this.#first = [reader.f64(), reader.f64(), reader.f64(), reader.f64()];
    });
  }

  observe({ step, histogram }: Point): Verdict {
    if (histogram === undefined || histogram.nonFinite !== undefined) return allWell;
    const moments = momentsOf(histogram);
    const isFirst = this.#first === undefined;
    if (this.#first === undefined || !this.#isSame(this.#first, moments)) {
      this.#first = moments;
      this.#same = 1;
      if (!isFirst && Number.isNaN(this.#changedAt)) this.#changedAt = step;
      return isFirst ? allWell : cleared;
    }
    this.#same = Math.min(this.#same + 1, 1_000_000);
    if (this.#same < this.#settings.for) return allWell;
    const never = Number.isNaN(this.#changedAt) ? 1 : 0;
    const severity = never === 1 ? "info" : "warning";
    return {
      kind: "breach",
      severity,
      evidence: { numbers: { histograms: this.#same, never }, to: step },
    };
  }

  reset(step: number): Verdict {
    this.#first = undefined;
    this.#same = 0;
    if (this.#changedAt >= step) this.#changedAt = NaN;
    return allWell;
  }

  replace(): void {
    this.#same = Math.max(0, this.#same - 1);
    if (this.#same === 0) this.#first = undefined;
  }

  memory(): DetectorMemory {
    const writer = new ByteWriter().u8(version).u32(this.#same).f64(this.#changedAt);
    for (const moment of this.#first ?? []) writer.f64(moment);
    return writer.finish();
  }

  #isSame(one: Moments, other: Moments): boolean {
    const { rtol, atol } = this.#settings;
    return one.every((moment, index) => {
      const second = other[index] ?? NaN;
      return Math.abs(moment - second) <= atol + rtol * Math.abs(second);
    });
  }
}

function momentsOf({ sum, sumSquares, min, max }: HistogramSummary): Moments {
  return [sum, sumSquares, min, max];
}

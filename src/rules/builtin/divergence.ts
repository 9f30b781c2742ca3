import { z } from "zod";
import { ByteWriter } from "../../lib/byte-writer.js";
import { formatCount, formatNumber } from "../../message/format-number.js";
import type { SeriesLabels } from "../../series/labels.js";
import type { Point } from "../../series/point.js";
import { type SeriesPast, smoothSpan } from "../../series/recent-points.js";
import { badnessSign, isCurve } from "../badness.js";
import { recall } from "../detector-memory.js";
import { metricName } from "../metric-name.js";
import { enabled } from "../on-or-off.js";
import type { Detector, DetectorMemory, Rule, Verdict } from "../rule.js";
import { Standing } from "../standing.js";
import { allWell } from "../verdicts.js";

const settings = z.strictObject({
  enabled,
  sensitivity: z
    .enum(["strict", "normal", "calm"])
    .default("normal")
    .describe("How much of all progress may be lost on a flat stretch: nothing, 1 % or 3 %."),
});
type Settings = z.output<typeof settings>;

/** Points before the best whose gain is what the curve may lose again. */
const horizon = 50;
/** Standard error of the smoothed value in units of the noise: √(α / (2 − α)). */
const standardError = 1 / Math.sqrt(smoothSpan);
const errors = 8;
const inARow = 10;
const warmUp = 30;
const firstBest = 10;
const leastProgress = 0.1;
const shareLost = { strict: 0, normal: 0.01, calm: 0.03 } as const;

/**
 * The smoothed curve m lies above its best by more than max(8 · se(m), what the last 50 points before the best gained,
 * 2 % of |best|, p · (start − best)) for 10 points: tolerant while the curve is steep, strict once it is flat.
 */
export const divergence: Rule<Settings> = {
  id: "divergence",
  severity: "critical",
  settings,
  looksBack: true,
  memoryBound: 80,
  summary: {
    en: "A curve loses more than it had gained lately: training gets worse for good.",
    zh: "曲线的损失超过了此前一段时间的收获：训练在持续变差。",
  },
  say: ({ numbers }, locale, labels) => {
    const { value = 0, best = 0, best_step = 0, gained = 0, lost = 0 } = numbers;
    const [name, from, to] = [metricName(labels), formatNumber(best), formatNumber(value)];
    const [won, gone, step] = [formatNumber(gained), formatNumber(lost), formatCount(best_step)];
    return locale === "zh"
      ? `${name} 正在发散：第 ${step} 步的最佳值 ${from} → ${to}，已损失 ${gone}，而最佳值之前 ${horizon} 个点仅改善 ${won}`
      : `${name} diverges: ${from} at step ${step}, now ${to}; lost ${gone} since, gained ${won} in the ${horizon} points before`;
  },
  appliesTo: isCurve,
  detector: (chosen, labels, memory) => new DivergenceDetector(chosen, labels, memory),
};

const version = 1;

class DivergenceDetector implements Detector {
  readonly #sign: 1 | -1;
  readonly #share: number;
  readonly #standing = new Standing();
  /** Smoothed and turned so that lower is better; NaN before the first. */
  #best = NaN;
  #bestStep = 0;
  #gained = 0;
  #above = 0;

  constructor(chosen: Settings, labels: SeriesLabels, memory: DetectorMemory | undefined) {
    this.#sign = badnessSign(labels);
    this.#share = shareLost[chosen.sensitivity];
    recall(memory, version, (reader) => {
      this.#standing.read(reader);
      this.#best = reader.f64();
      this.#bestStep = reader.f64();
      this.#gained = reader.f64();
      this.#above = reader.u32();
    });
  }

  observe(point: Point, past: SeriesPast): Verdict {
    if (!Number.isFinite(point.value) || past.count < firstBest) return allWell;
    if (Number.isNaN(this.#best)) this.#lookBack(past);
    const now = this.#sign * past.smooth(0);
    if (now < this.#best) this.#takeBest(past, 0);
    const lost = now - this.#best;
    if (this.#standing.isOpen) return lost < this.#standing.limit / 2 ? this.#standing.close() : allWell;
    const limit = this.#limit(past, lost);
    if (!(lost > limit)) {
      this.#above = 0;
      return allWell;
    }
    this.#above += 1;
    return this.#above < inARow ? allWell : this.#breach(point, limit, past);
  }

  reset(step: number): Verdict {
    this.#above = 0;
    if (this.#bestStep >= step) this.#best = NaN;
    return this.#standing.reset(step);
  }

  replace(step: number): void {
    this.#above = Math.max(0, this.#above - 1);
    if (this.#bestStep >= step) this.#best = NaN;
  }

  memory(): DetectorMemory {
    const writer = new ByteWriter().u8(version);
    this.#standing.write(writer);
    return writer.f64(this.#best).f64(this.#bestStep).f64(this.#gained).u32(this.#above).finish();
  }

  /** Infinity where the curve is not to be judged; the noise is asked for only where the rest is exceeded. */
  #limit(past: SeriesPast, lost: number): number {
    const start = this.#sign * past.start;
    const progress = start - this.#best;
    if (past.count < warmUp || !(progress >= leastProgress * Math.abs(start))) return Infinity;
    const least = Math.max(this.#gained, 0.02 * Math.abs(this.#best), this.#share * progress);
    if (!(lost > least)) return Infinity;
    const noise = past.noise();
    // What points inherit only ever widens the error: it is measured where that decides.
    if (!(lost > errors * standardError * noise)) return Infinity;
    return Math.max(least, errors * standardError * inflation(past.persistence()) * noise);
  }

  #breach({ step }: Point, limit: number, past: SeriesPast): Verdict {
    this.#above = 0;
    this.#standing.open(step, limit);
    const [value, best] = [past.smooth(0), this.#sign * this.#best];
    const lost = this.#sign * value - this.#best;
    const numbers = { value, best, best_step: this.#bestStep, gained: this.#gained, lost, limit };
    return { kind: "breach", evidence: { numbers, from: this.#bestStep, to: step, level: best } };
  }

  /** The best of what can be looked back on: at the start, and after a restart took the best away. */
  #lookBack(past: SeriesPast): void {
    this.#best = Infinity;
    const oldest = Math.min(past.length - 1, past.count - firstBest);
    for (let back = oldest; back >= 0; back -= 1) {
      if (this.#sign * past.smooth(back) < this.#best) this.#takeBest(past, back);
    }
  }

  #takeBest(past: SeriesPast, back: number): void {
    this.#best = this.#sign * past.smooth(back);
    this.#bestStep = past.step(back);
    this.#above = 0;
    const earlier = this.#sign * past.smooth(Math.min(back + horizon, past.length - 1));
    this.#gained = Math.max(0, earlier - this.#best);
  }
}

/**
 * By how much the error of the smoothed value grows where points inherit from each other: their spread is 1 / √(1 − persistence)
 * times what neighbours tell, and its mean swings √((1 + r) / (1 − r)) times as far, r = persistence · (1 − α).
 */
function inflation(persistence: number): number {
  const inherited = persistence * (1 - 2 / (smoothSpan + 1));
  return Math.sqrt((1 + inherited) / (1 - inherited) / (1 - persistence));
}

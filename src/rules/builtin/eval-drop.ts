import { z } from "zod";
import { ByteWriter } from "../../lib/byte-writer.js";
import { formatNumber } from "../../message/format-number.js";
import type { SeriesLabels } from "../../series/labels.js";
import { noiseBefore, type NoiseWindow } from "../../series/noise.js";
import type { Point } from "../../series/point.js";
import type { SeriesPast } from "../../series/recent-points.js";
import { badnessSign, isCurve } from "../badness.js";
import { BestSoFar } from "../best-so-far.js";
import { recall } from "../detector-memory.js";
import { metricName } from "../metric-name.js";
import { enabled } from "../on-or-off.js";
import type { Detector, DetectorMemory, Rule, Verdict } from "../rule.js";
import { Standing } from "../standing.js";
import { allWell } from "../verdicts.js";

const settings = z.strictObject({
  enabled,
  count: z.int().min(1).max(30).default(2).describe("Evaluations in a row."),
  share: z.number().min(0).default(0.15).describe("Share of all progress that is lost."),
  gate: z
    .number()
    .min(0)
    .default(6)
    .describe("Smallest loss in units of the noise; 0 switches the gate off."),
});
type Settings = z.output<typeof settings>;

const window = { most: 16, fewest: 3 };
/** The start is the median of the first points: the very first is often an untrained network, far off any scale. */
const warmUp = 5;
const leastProgress = 0.1;
/** Training curves are mostly of single batches: the best of many noisy values lies far above any level, and 16 of them tell too little of the noise. Many more would count a steep start as noise. */
const ofTraining = { mostPoints: 200, window: { most: 24, fewest: 3 } };

/** Curves of evaluations, which have few points: `count` in a row worse than the best by > max(share · progress, gate · noise of the 16 differences before), once progress exceeds 10 % of the start. */
export const evalDrop: Rule<Settings> = {
  id: "eval_drop",
  severity: "warning",
  settings,
  looksBack: true,
  memoryBound: 580,
  summary: {
    en: "Evaluations lose a good part of what had been reached.",
    zh: "评估指标丢失了已取得进展的相当一部分。",
  },
  say: ({ numbers }, locale, labels) => {
    const { value = 0, best = 0, count = 0, lost_share = 0 } = numbers;
    const [name, from, to] = [metricName(labels), formatNumber(best), formatNumber(value)];
    const share = (100 * lost_share).toFixed(0);
    return locale === "zh"
      ? `${name} 连续 ${count} 次评估差于最佳水平：${from} → ${to}，丢失了 ${share}% 的进展`
      : `${name} lost ${share} % of its progress, ${count} evaluations in a row: best ${from}, now ${to}`;
  },
  appliesTo: (labels) => isCurve(labels) && labels.phase !== "unknown",
  detector: (chosen, labels, memory) => new EvalDropDetector(chosen, labels, memory),
};

const version = 1;

class EvalDropDetector implements Detector {
  readonly #settings: Settings;
  readonly #sign: 1 | -1;
  readonly #mostPoints: number;
  readonly #window: NoiseWindow;
  readonly #standing = new Standing();
  /** Of goodness: the value turned so that higher is better. */
  readonly #best = new BestSoFar();
  #start = NaN;
  #worse = 0;

  constructor(chosen: Settings, labels: SeriesLabels, memory: DetectorMemory | undefined) {
    this.#settings = chosen;
    this.#sign = badnessSign(labels);
    const isTraining = labels.phase === "train";
    this.#mostPoints = isTraining ? ofTraining.mostPoints : Infinity;
    this.#window = isTraining ? ofTraining.window : window;
    recall(memory, version, (reader) => {
      this.#standing.read(reader);
      this.#start = reader.f64();
      this.#worse = reader.u32();
      this.#best.read(reader);
    });
  }

  observe(point: Point, past: SeriesPast): Verdict {
    if (!Number.isFinite(point.value)) return allWell;
    if (past.count <= warmUp) this.#start = NaN;
    else if (Number.isNaN(this.#start)) this.#start = -this.#sign * past.level;
    const goodness = -this.#sign * point.value;
    const best = Math.max(this.#best.value, goodness);
    this.#best.take(point.step, goodness);
    if (this.#standing.isOpen)
      return best - goodness <= this.#standing.limit ? this.#standing.close() : allWell;
    const limit = this.#limit(past, best, best - goodness);
    this.#worse = best - goodness > limit ? this.#worse + 1 : 0;
    return this.#worse < this.#settings.count ? allWell : this.#breach(point, { best, limit, past });
  }

  reset(step: number): Verdict {
    this.#worse = 0;
    this.#best.dropFrom(step);
    return this.#standing.reset(step);
  }

  replace(step: number): void {
    this.#worse = Math.max(0, this.#worse - 1);
    this.#best.dropFrom(step);
  }

  memory(): DetectorMemory {
    const writer = new ByteWriter().u8(version);
    this.#standing.write(writer);
    writer.f64(this.#start).u32(this.#worse);
    this.#best.write(writer);
    return writer.finish();
  }

  #limit(past: SeriesPast, best: number, lost: number): number {
    const progress = best - this.#start;
    if (past.count <= warmUp || past.count > this.#mostPoints) return Infinity;
    if (!(progress > leastProgress * Math.abs(this.#start))) return Infinity;
    const least = this.#settings.share * progress;
    if (!(lost > least) || this.#settings.gate === 0) return least;
    const noise = noiseBefore(past, this.#worse + 1, this.#window) ?? 0;
    return Math.max(least, this.#settings.gate * noise);
  }

  #breach({ step, value }: Point, found: { best: number; limit: number; past: SeriesPast }): Verdict {
    const { best, limit, past } = found;
    const count = this.#worse;
    this.#worse = 0;
    this.#standing.open(step, limit);
    const level = -this.#sign * best;
    const lost_share = Math.abs(value - level) / Math.max(best - this.#start, Number.MIN_VALUE);
    const numbers = { value, best: level, count, lost_share, limit };
    return { kind: "breach", evidence: { numbers, from: past.step(count), to: step, level } };
  }
}

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
import type { Detector, DetectorMemory, Rule, RunLength, Severity, Verdict } from "../rule.js";
import { Standing } from "../standing.js";
import { allWell } from "../verdicts.js";

const settings = z.strictObject({
  enabled,
  points: z.int().min(20).max(1_000_000).default(400).describe("Fewest points without a new best."),
  share: z.number().min(0).max(10).default(0.1).describe("And this share of all points so far."),
  relative: z.number().min(0).default(0.005).describe("Smallest new best, as a share of the best."),
});
type Settings = z.output<typeof settings>;

const standardError = 1 / Math.sqrt(smoothSpan);
const warmUp = 100;
const leastProgress = 0.1;
/** Shares of a known length: from the first on nothing is said, below the second it is a warning. */
const nearTheEnd = 0.9;
const wellBeforeTheEnd = 0.7;
/** So many times what it must gain to count, in the last doubling of the points before the best: a curve in full progress. */
const fullProgress = 4;

/** No new smoothed best by more than max(relative · |best|, 2 · its error) for max(points, share · all) points. A warning well before a known end; without one, where a doubling of the points brought nothing after one that brought much. */
export const plateau: Rule<Settings> = {
  id: "plateau",
  severity: "info",
  settings,
  looksBack: true,
  memoryBound: 512,
  summary: {
    en: "A curve has stopped improving.",
    zh: "曲线已停止改善。",
  },
  say: ({ numbers }, locale, labels) => {
    const { best = 0, best_step = 0, points = 0 } = numbers;
    const [name, level] = [metricName(labels), formatNumber(best)];
    const [count, step] = [formatCount(points), formatCount(best_step)];
    return locale === "zh"
      ? `${name} 已连续 ${count} 个点没有改善，停留在第 ${step} 步达到的 ${level} 附近`
      : `${name} has not improved for ${count} points, since ${level} at step ${step}`;
  },
  appliesTo: isCurve,
  detector: (chosen, labels, memory) => new PlateauDetector(chosen, labels, memory),
};

const version = 1;

class PlateauDetector implements Detector {
  readonly #settings: Settings;
  readonly #sign: 1 | -1;
  readonly #standing = new Standing();
  /** Smoothed and turned so that lower is better. */
  #best = NaN;
  #bestStep = 0;
  #bestCount = 0;
  /** What a new best must gain. */
  #margin = 0;
  /** The smoothed value at 1, 2, 4, 8 … points. */
  #doublings: number[] = [];
  #length = NaN;

  constructor(chosen: Settings, labels: SeriesLabels, memory: DetectorMemory | undefined) {
    this.#settings = chosen;
    this.#sign = badnessSign(labels);
    recall(memory, version, (reader) => {
      this.#standing.read(reader);
      this.#best = reader.f64();
      this.#bestStep = reader.f64();
      this.#bestCount = reader.f64();
      this.#margin = reader.f64();
      this.#length = reader.f64();
      this.#doublings = Array.from({ length: reader.u8() }, () => reader.f64());
    });
  }

  observe(point: Point, past: SeriesPast): Verdict {
    if (!Number.isFinite(point.value)) return allWell;
    const { count } = past;
    const now = this.#sign * past.smooth(0);
    if (count >= 2 ** this.#doublings.length) this.#doublings.push(now);
    if (!(this.#best - now <= this.#margin)) return this.#improve(point.step, now, past);
    const { points, share } = this.#settings;
    const since = count - this.#bestCount;
    if (this.#standing.isOpen || count < warmUp || since < points || since < share * count) return allWell;
    const isLate = point.step >= nearTheEnd * this.#length;
    if (isLate || !this.#hasLearned(past)) return allWell;
    return this.#breach(point, since, past);
  }

  reset(step: number): Verdict {
    if (this.#bestStep >= step) this.#best = NaN;
    return this.#standing.reset(step);
  }

  replace(step: number): void {
    if (this.#bestStep >= step) this.#best = NaN;
  }

  declare({ steps }: RunLength): void {
    if (steps !== undefined && steps > 0) this.#length = steps;
  }

  memory(): DetectorMemory {
    const writer = new ByteWriter().u8(version);
    this.#standing.write(writer);
    writer.f64(this.#best).f64(this.#bestStep).f64(this.#bestCount).f64(this.#margin).f64(this.#length);
    writer.u8(this.#doublings.length);
    for (const value of this.#doublings) writer.f64(value);
    return writer.finish();
  }

  #improve(step: number, now: number, past: SeriesPast): Verdict {
    this.#best = now;
    this.#bestStep = step;
    this.#bestCount = past.count;
    this.#doublings.length = Math.min(this.#doublings.length, 1 + Math.floor(Math.log2(past.count)));
    const noise = past.noise() || 0;
    this.#margin = Math.max(this.#settings.relative * Math.abs(now), 2 * standardError * noise);
    return this.#standing.isOpen ? this.#standing.close() : allWell;
  }

  #breach({ step }: Point, since: number, past: SeriesPast): Verdict {
    this.#standing.open(step);
    const best = this.#sign * this.#best;
    const numbers = { value: past.smooth(0), best, best_step: this.#bestStep, points: since };
    return {
      kind: "breach",
      severity: this.#severity(step, past),
      evidence: { numbers, from: this.#bestStep, to: step, level: best },
    };
  }

  #hasLearned({ start }: SeriesPast): boolean {
    return this.#sign * start - this.#best >= leastProgress * Math.abs(start);
  }

  #severity(step: number, { count }: SeriesPast): Severity {
    if (!Number.isNaN(this.#length)) return step < wellBeforeTheEnd * this.#length ? "warning" : "info";
    if (count < 2 * this.#bestCount) return "info";
    const half = this.#doublings[Math.floor(Math.log2(this.#bestCount)) - 1] ?? NaN;
    return half - this.#best >= fullProgress * this.#margin ? "warning" : "info";
  }
}

import { z } from "zod";
import { ByteWriter } from "../../lib/byte-writer.js";
import { formatCount, formatNumber } from "../../message/format-number.js";
import type { SeriesLabels } from "../../series/labels.js";
import type { Point } from "../../series/point.js";
import type { SeriesPast } from "../../series/recent-points.js";
import { trendOf } from "../../series/trend.js";
import { badnessSign, isCurve } from "../badness.js";
import { recall } from "../detector-memory.js";
import { metricName } from "../metric-name.js";
import { enabled } from "../on-or-off.js";
import type { Detector, DetectorMemory, Rule, Verdict } from "../rule.js";
import { Standing } from "../standing.js";
import { allWell } from "../verdicts.js";

const settings = z.strictObject({
  enabled,
  points: z.int().min(20).max(1_000_000).default(200).describe("Points without progress."),
  gain: z.number().min(0).default(0.02).describe("Progress over these points, as a share of the start."),
  evaluations: z
    .int()
    .min(5)
    .max(1_000_000)
    .default(20)
    .describe("Evaluations (series of a named phase) without progress."),
  eval_gain: z
    .number()
    .min(0)
    .default(0.05)
    .describe("Progress over these evaluations, as a share of the start."),
});
type Settings = z.output<typeof settings>;

/** The start is the median of the first points: the very first is often an untrained network, far off any scale. */
const startPoints = 5;
/** A trend this sure (Mann–Kendall's Z) is progress, however small beside the level: some losses move by a few percent in all. */
const sureTrend = 3;
/** With fewer points a trend is hardly sure. */
const fewestForTrend = 32;

/** Never better than the start: the smoothed curve over many points, or evaluations, which say as much in fewer. A steady trend counts as progress, however small. */
export const noLearning: Rule<Settings> = {
  id: "no_learning",
  severity: "warning",
  settings,
  looksBack: true,
  memoryBound: 56,
  summary: {
    en: "A curve has not moved from where it started.",
    zh: "曲线自开始以来没有任何改善。",
  },
  say: ({ numbers }, locale, labels) => {
    const { value = 0, start = 0, points = 0 } = numbers;
    const [name, from, to] = [metricName(labels), formatNumber(start), formatNumber(value)];
    return locale === "zh"
      ? `${name} 经过 ${formatCount(points)} 个点仍未改善：起点 ${from}，现在 ${to}`
      : `${name} has not improved in ${formatCount(points)} points: started at ${from}, is at ${to}`;
  },
  appliesTo: isCurve,
  detector: (chosen, labels, memory) => new NoLearningDetector(chosen, labels, memory),
};

const version = 1;

class NoLearningDetector implements Detector {
  readonly #settings: Settings;
  readonly #sign: 1 | -1;
  readonly #isEvaluated: boolean;
  readonly #isAccuracy: boolean;
  readonly #standing = new Standing();
  #firstStep = NaN;
  #start = NaN;
  /** Step at which it was seen to learn. */
  #learnedAt = NaN;

  constructor(chosen: Settings, labels: SeriesLabels, memory: DetectorMemory | undefined) {
    this.#settings = chosen;
    this.#sign = badnessSign(labels);
    this.#isEvaluated = labels.phase !== "unknown";
    this.#isAccuracy = labels.kind === "accuracy";
    recall(memory, version, (reader) => {
      this.#standing.read(reader);
      this.#firstStep = reader.f64();
      this.#start = reader.f64();
      this.#learnedAt = reader.f64();
    });
  }

  observe(point: Point, past: SeriesPast): Verdict {
    if (!Number.isFinite(point.value)) return allWell;
    if (past.count === 1) this.#firstStep = point.step;
    if (past.count <= startPoints) this.#start = NaN;
    else if (Number.isNaN(this.#start)) this.#start = past.level;
    if (!Number.isNaN(this.#learnedAt)) return allWell;
    const { points, gain, evaluations, eval_gain } = this.#settings;
    const [enough, share] = this.#isEvaluated ? [evaluations, eval_gain] : [points, gain];
    if (this.#hasLearned(point, past, share) || (isDoubling(past.count) && this.#isImproving(point, past))) {
      this.#learnedAt = point.step;
      return this.#standing.isOpen ? this.#standing.close() : allWell;
    }
    if (this.#standing.isOpen || past.count < enough || this.#isImproving(point, past)) return allWell;
    this.#standing.open(point.step);
    const numbers = { value: point.value, start: this.#start, points: past.count };
    return {
      kind: "breach",
      evidence: { numbers, from: this.#firstStep, to: point.step, level: this.#start },
    };
  }

  reset(step: number): Verdict {
    if (this.#learnedAt >= step) this.#learnedAt = NaN;
    return this.#standing.reset(step);
  }

  replace(step: number): void {
    if (this.#learnedAt >= step) this.#learnedAt = NaN;
  }

  memory(): DetectorMemory {
    const writer = new ByteWriter().u8(version);
    this.#standing.write(writer);
    return writer.f64(this.#firstStep).f64(this.#start).f64(this.#learnedAt).finish();
  }

  #hasLearned({ value }: Point, past: SeriesPast, share: number): boolean {
    const gained = this.#sign * (this.#start - (this.#isEvaluated ? value : past.smooth(0)));
    return gained > share * this.#size();
  }

  /** What progress is a share of. An accuracy that began high has only the rest to 1 to gain. */
  #size(): number {
    const size = Math.abs(this.#start);
    const rest = 1 - this.#start;
    return this.#isAccuracy && rest > 0 && rest < 1 ? Math.min(size, rest) : size;
  }

  #isImproving({ value }: Point, past: SeriesPast): boolean {
    return this.#sign * (this.#start - value) > 0 && -this.#sign * trendOf(past) > sureTrend;
  }
}

/** Whether the points have just doubled: few looks, so that none is luck, yet one while a curve that flattens early still falls. */
function isDoubling(count: number): boolean {
  return count >= fewestForTrend && Number.isInteger(Math.log2(count));
}

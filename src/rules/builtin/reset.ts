import { z } from "zod";
import { ByteWriter } from "../../lib/byte-writer.js";
import { formatCount, formatNumber } from "../../message/format-number.js";
import type { SeriesLabels } from "../../series/labels.js";
import type { Point } from "../../series/point.js";
import type { SeriesPast } from "../../series/recent-points.js";
import { badnessSign, isCurve } from "../badness.js";
import { recall } from "../detector-memory.js";
import { metricName } from "../metric-name.js";
import { enabled } from "../on-or-off.js";
import type { Detector, DetectorMemory, Rule, Verdict } from "../rule.js";
import { Standing } from "../standing.js";
import { allWell } from "../verdicts.js";

const settings = z.strictObject({
  enabled,
  gained: z
    .number()
    .positive()
    .default(0.5)
    .describe("Progress that must have been made, as a share of the start."),
  lost: z.number().positive().max(1).default(0.9).describe("Share of that progress that is gone."),
  count: z.int().min(1).max(50).default(3).describe("Points in a row back there."),
});
type Settings = z.output<typeof settings>;

const warmUp = 20;

/**
 * A curve is back where it began: `lost` of all progress is gone for `count` points (a loss back at 90 % of its start after
 * less than half of it), or its steps went back. Some trainers restart on purpose, so it is information.
 */
export const reset: Rule<Settings> = {
  id: "reset",
  severity: "info",
  settings,
  looksBack: true,
  memoryBound: 80,
  summary: {
    en: "A curve starts over: back at its first level, or at an earlier step.",
    zh: "曲线重新开始：回到初始水平，或回到更早的步数。",
  },
  say: ({ numbers }, locale, labels) => {
    const { value = 0, start = 0, best = 0, back_to, back_from = 0 } = numbers;
    const name = metricName(labels);
    if (back_to !== undefined) {
      const [to, from] = [formatCount(back_to), formatCount(back_from)];
      return locale === "zh"
        ? `${name} 从第 ${from} 步回到第 ${to} 步`
        : `${name} went back from step ${from} to ${to}`;
    }
    const [now, first, top] = [formatNumber(value), formatNumber(start), formatNumber(best)];
    return locale === "zh"
      ? `${name} 回到初始水平：起点 ${first}，最佳 ${top}，现在 ${now}`
      : `${name} is back where it began: started at ${first}, best ${top}, now ${now}`;
  },
  appliesTo: isCurve,
  detector: (chosen, labels, memory) => new ResetDetector(chosen, labels, memory),
};

const version = 1;

class ResetDetector implements Detector {
  readonly #settings: Settings;
  readonly #sign: 1 | -1;
  readonly #standing = new Standing();
  /** Progress of the smoothed curve at its best. */
  #most = 0;
  #back = 0;
  #last = -Infinity;
  #furthest = -Infinity;
  /** The step it went back from, while that is to be told. */
  #wentBackFrom = NaN;

  constructor(chosen: Settings, labels: SeriesLabels, memory: DetectorMemory | undefined) {
    this.#settings = chosen;
    this.#sign = badnessSign(labels);
    recall(memory, version, (reader) => {
      this.#standing.read(reader);
      [this.#most, this.#back, this.#last] = [reader.f64(), reader.f64(), reader.f64()];
      [this.#furthest, this.#wentBackFrom] = [reader.f64(), reader.f64()];
    });
  }

  observe({ step, value }: Point, past: SeriesPast): Verdict {
    const from = this.#wentBackFrom;
    this.#wentBackFrom = NaN;
    this.#last = step;
    this.#furthest = Math.max(this.#furthest, step);
    if (!Number.isNaN(from)) {
      // Over at the next point: it is a moment, not a state.
      this.#standing.open(step, NaN);
      return { kind: "breach", evidence: { numbers: { value, back_to: step, back_from: from }, to: step } };
    }
    if (!Number.isFinite(value)) return allWell;
    if (this.#standing.isOpen && Number.isNaN(this.#standing.limit)) return this.#standing.close();
    return this.#judge(step, value, past);
  }

  reset(step: number): Verdict {
    if (this.#last === this.#furthest) this.#wentBackFrom = this.#last;
    this.#most = 0;
    this.#back = 0;
    return this.#standing.reset(step);
  }

  replace(): void {
    this.#back = Math.max(0, this.#back - 1);
  }

  memory(): DetectorMemory {
    const writer = new ByteWriter(80).u8(version);
    this.#standing.write(writer);
    writer.f64(this.#most).f64(this.#back).f64(this.#last);
    return writer.f64(this.#furthest).f64(this.#wentBackFrom).finish();
  }

  #judge(step: number, value: number, past: SeriesPast): Verdict {
    const { gained, lost, count } = this.#settings;
    const { start } = past;
    const progress = this.#sign * (start - value);
    if (this.#standing.isOpen) {
      if (progress <= this.#standing.limit) return allWell;
      this.#most = 0;
      return this.#standing.close();
    }
    this.#most = Math.max(this.#most, this.#sign * (start - past.smooth(0)));
    const left = (1 - lost) * this.#most;
    const isBack =
      past.count > warmUp && this.#most >= gained * Math.abs(start) && this.#most > 0 && progress <= left;
    this.#back = isBack ? this.#back + 1 : 0;
    if (this.#back < count) return allWell;
    this.#back = 0;
    const best = start - this.#sign * this.#most;
    this.#standing.open(step, gained * this.#most);
    return {
      kind: "breach",
      evidence: { numbers: { value, start, best, count }, from: past.step(count), to: step, level: start },
    };
  }
}

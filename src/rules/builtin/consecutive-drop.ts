import { z } from "zod";
import { ByteWriter } from "../../lib/byte-writer.js";
import { formatChange, formatNumber } from "../../message/format-number.js";
import type { Point } from "../../series/point.js";
import type { SeriesPast } from "../../series/recent-points.js";
import { BestSoFar } from "../best-so-far.js";
import { recall } from "../detector-memory.js";
import { metricName } from "../metric-name.js";
import type { Detector, DetectorMemory, Rule, Verdict } from "../rule.js";
import { Streak } from "../streak.js";
import { allWell, cleared } from "../verdicts.js";

const settings = z.strictObject({
  enabled: z.boolean().default(true).describe("Whether the rule judges at all."),
  count: z.int().min(1).max(30).default(3).describe("Falls in a row."),
  min_total: z
    .number()
    .min(0)
    .default(0.02)
    .describe("Smallest fall over these points, and below the best so far."),
  gate: z
    .number()
    .min(0)
    .default(6)
    .describe("Smallest fall in units of the noise before it; 0 switches the gate off."),
});
type Settings = z.output<typeof settings>;

/** Rule (b): `count` falls in a row with y[t−count] − y[t] > min_total and > gate · noise, and y[t] < best − min_total, on validation accuracy. */
export const consecutiveDrop: Rule<Settings> = {
  id: "consecutive_drop",
  severity: "warning",
  settings,
  looksBack: true,
  memoryBound: 640,
  summary: {
    en: "Validation accuracy falls several evaluations in a row by more than its noise.",
    zh: "验证准确率连续多次下降，且幅度超过噪声。",
  },
  say: ({ numbers }, locale, labels) => {
    const { count = 0, total = 0, before = 0, value = 0, best = 0 } = numbers;
    const [name, moved] = [metricName(labels), `${formatNumber(before)} → ${formatNumber(value)}`];
    const change = formatChange(-total);
    return locale === "zh"
      ? `${name} 连续下降 ${count} 次：${moved}（${change}），最佳值 ${formatNumber(best)}`
      : `${name} fell ${count} times in a row: ${moved} (${change}), best was ${formatNumber(best)}`;
  },
  appliesTo: ({ kind, phase }) => kind === "accuracy" && phase !== "train",
  detector: (chosen, _labels, memory) => new DropDetector(chosen, memory),
};

const version = 1;

class DropDetector implements Detector {
  readonly #settings: Settings;
  readonly #streak = new Streak();
  readonly #best = new BestSoFar();
  /** Step of the breach that stands; NaN while none does. */
  #since = NaN;
  #bestThen = 0;
  #last = NaN;
  #rises = 0;

  constructor(chosen: Settings, memory: DetectorMemory | undefined) {
    this.#settings = chosen;
    recall(memory, version, (reader) => {
      this.#streak.read(reader);
      this.#since = reader.f64();
      this.#bestThen = reader.f64();
      this.#last = reader.f64();
      this.#rises = reader.u32();
      this.#best.read(reader);
    });
  }

  observe(point: Point, past: SeriesPast): Verdict {
    const { value } = point;
    if (!Number.isFinite(value)) {
      this.#streak.interrupt();
      this.#last = NaN;
      return allWell;
    }
    const { count } = this.#settings;
    this.#streak.follow(-1, past, count);
    const best = this.#best.value;
    this.#best.take(point.step, value);
    const verdict = Number.isNaN(this.#since)
      ? this.#streak.length >= count && this.#isBreach(past.value(count) - value, best - value)
        ? this.#breach(point, past, best)
        : allWell
      : this.#recover(value);
    this.#last = value;
    return verdict;
  }

  reset(step: number): Verdict {
    this.#streak.restart();
    this.#best.dropFrom(step);
    this.#last = NaN;
    this.#rises = 0;
    if (!(this.#since >= step)) return allWell;
    this.#since = NaN;
    return cleared;
  }

  replace(step: number): void {
    this.#streak.undo();
    this.#best.dropFrom(step);
    this.#last = NaN;
  }

  memory(): DetectorMemory {
    const writer = new ByteWriter().u8(version);
    this.#streak.write(writer);
    writer.f64(this.#since).f64(this.#bestThen).f64(this.#last).u32(this.#rises);
    this.#best.write(writer);
    return writer.finish();
  }

  #isBreach(total: number, belowBest: number): boolean {
    const { min_total, gate } = this.#settings;
    return total > min_total && belowBest > min_total && total > gate * (this.#streak.noise ?? 0);
  }

  #breach(point: Point, past: SeriesPast, best: number): Verdict {
    const { count } = this.#settings;
    this.#since = point.step;
    this.#bestThen = best;
    this.#rises = 0;
    const before = past.value(count);
    const noise = this.#streak.noise;
    const numbers = { count, total: before - point.value, before, value: point.value, best };
    return {
      kind: "breach",
      evidence: {
        numbers: noise === undefined ? numbers : { ...numbers, noise },
        from: past.step(count),
        to: point.step,
        level: best,
      },
    };
  }

  /** Over when back within min_total of the best, or after `count` rises in a row. */
  #recover(value: number): Verdict {
    if (value > this.#last) this.#rises += 1;
    else this.#rises = 0;
    if (value < this.#bestThen - this.#settings.min_total && this.#rises < this.#settings.count)
      return allWell;
    this.#since = NaN;
    return cleared;
  }
}

import { z } from "zod";
import { ByteWriter } from "../../lib/byte-writer.js";
import { formatChange, formatNumber } from "../../message/format-number.js";
import type { Point } from "../../series/point.js";
import type { SeriesPast } from "../../series/recent-points.js";
import { recall } from "../detector-memory.js";
import { metricName } from "../metric-name.js";
import type { Detector, DetectorMemory, Rule, Verdict } from "../rule.js";
import { Streak } from "../streak.js";
import { allWell, cleared } from "../verdicts.js";

const settings = z.strictObject({
  enabled: z.boolean().default(true).describe("Whether the rule judges at all."),
  count: z.int().min(1).max(30).default(5).describe("Rises in a row."),
  min_total: z.number().min(0).default(0.1).describe("Smallest rise over these points."),
  gate: z
    .number()
    .min(0)
    .default(6)
    .describe("Smallest rise in units of the noise before it; 0 switches the gate off."),
});
type Settings = z.output<typeof settings>;

/** Rule (a): `count` logged rises in a row with y[t] − y[t−count] > min_total and > gate · noise, on training loss. */
export const consecutiveRise: Rule<Settings> = {
  id: "consecutive_rise",
  severity: "warning",
  settings,
  looksBack: true,
  memoryBound: 64,
  summary: {
    en: "Training loss rises several times in a row by more than its noise.",
    zh: "训练损失连续多次上升，且幅度超过噪声。",
  },
  say: ({ numbers }, locale, labels) => {
    const { count = 0, total = 0, before = 0, value = 0 } = numbers;
    const [name, moved] = [metricName(labels), `${formatNumber(before)} → ${formatNumber(value)}`];
    return locale === "zh"
      ? `${name} 连续上升 ${count} 次：${moved}（${formatChange(total)}）`
      : `${name} rose ${count} times in a row: ${moved} (${formatChange(total)})`;
  },
  appliesTo: ({ kind, phase }) => kind === "loss" && phase !== "validation",
  detector: (chosen, _labels, memory) => new RiseDetector(chosen, memory),
};

const version = 1;

class RiseDetector implements Detector {
  readonly #settings: Settings;
  readonly #streak = new Streak();
  /** Step of the breach that stands; NaN while none does. */
  #since = NaN;
  #base = 0;
  #top = 0;
  #pointsSinceTop = 0;

  constructor(chosen: Settings, memory: DetectorMemory | undefined) {
    this.#settings = chosen;
    recall(memory, version, (reader) => {
      this.#streak.read(reader);
      this.#since = reader.f64();
      this.#base = reader.f64();
      this.#top = reader.f64();
      this.#pointsSinceTop = reader.u32();
    });
  }

  observe(point: Point, past: SeriesPast): Verdict {
    if (!Number.isFinite(point.value)) {
      this.#streak.interrupt();
      return allWell;
    }
    const { count } = this.#settings;
    this.#streak.follow(1, past, count);
    if (this.#streak.length >= count && this.#isBreach(point.value - past.value(count))) {
      return this.#breach(point, past);
    }
    return Number.isNaN(this.#since) ? allWell : this.#recover(point.value);
  }

  reset(step: number): Verdict {
    this.#streak.restart();
    if (!(this.#since >= step)) return allWell;
    this.#since = NaN;
    return cleared;
  }

  replace(): void {
    this.#streak.undo();
  }

  memory(): DetectorMemory {
    const writer = new ByteWriter().u8(version);
    this.#streak.write(writer);
    return writer.f64(this.#since).f64(this.#base).f64(this.#top).u32(this.#pointsSinceTop).finish();
  }

  #isBreach(total: number): boolean {
    const { min_total, gate } = this.#settings;
    return total > min_total && total > gate * (this.#streak.noise ?? 0);
  }

  #breach(point: Point, past: SeriesPast): Verdict {
    const { count } = this.#settings;
    const known = !Number.isNaN(this.#since);
    this.#top = known ? Math.max(this.#top, point.value) : point.value;
    this.#pointsSinceTop = 0;
    if (known) return allWell;
    this.#since = point.step;
    this.#base = past.value(count);
    const noise = this.#streak.noise;
    const numbers = { count, total: point.value - this.#base, before: this.#base, value: point.value };
    return {
      kind: "breach",
      evidence: {
        numbers: noise === undefined ? numbers : { ...numbers, noise },
        from: past.step(count),
        to: point.step,
      },
    };
  }

  /** Over when half of the rise is given back, or after `count` points without a new top. */
  #recover(value: number): Verdict {
    if (value > this.#top) {
      this.#top = value;
      this.#pointsSinceTop = 0;
      return allWell;
    }
    this.#pointsSinceTop += 1;
    const half = this.#base + (this.#top - this.#base) / 2;
    if (value >= half && this.#pointsSinceTop < this.#settings.count) return allWell;
    this.#since = NaN;
    return cleared;
  }
}

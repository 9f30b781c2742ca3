import { z } from "zod";
import { ByteWriter } from "../../lib/byte-writer.js";
import { formatNumber } from "../../message/format-number.js";
import type { Point } from "../../series/point.js";
import type { SeriesPast } from "../../series/recent-points.js";
import { recall } from "../detector-memory.js";
import { metricName } from "../metric-name.js";
import { enabled } from "../on-or-off.js";
import type { Detector, DetectorMemory, Rule, Verdict } from "../rule.js";
import { Standing } from "../standing.js";
import { allWell } from "../verdicts.js";

const settings = z.strictObject({
  enabled,
  times_first: z.number().min(1).default(10).describe("Times the highest of the first 100 values."),
  times_usual: z.number().min(1).default(1_000).describe("Or times the median of the last 64."),
});
type Settings = z.output<typeof settings>;

const warmUp = 8;
const firstPoints = 100;

/** A loss ≥ times_first · max(first 100 values) or ≥ times_usual · median (the first form is Megatron's test of unexpectedly large results). */
export const explosion: Rule<Settings> = {
  id: "explosion",
  severity: "critical",
  settings,
  looksBack: true,
  memoryBound: 40,
  summary: {
    en: "A loss is many times larger than it ever was at the start.",
    zh: "损失远远超过训练初期的最大值。",
  },
  say: ({ numbers }, locale, labels) => {
    const { value = 0, usual = 0 } = numbers;
    const [name, now, before] = [metricName(labels), formatNumber(value), formatNumber(usual)];
    return locale === "zh"
      ? `${name} 爆炸：${now}，此前约 ${before}`
      : `${name} exploded to ${now}, was about ${before}`;
  },
  appliesTo: ({ kind, direction }) => kind === "loss" && direction === "lower",
  detector: (chosen, _labels, memory) => new ExplosionDetector(chosen, memory),
};

const version = 1;

class ExplosionDetector implements Detector {
  readonly #settings: Settings;
  readonly #standing = new Standing();
  #highest = -Infinity;

  constructor(chosen: Settings, memory: DetectorMemory | undefined) {
    this.#settings = chosen;
    recall(memory, version, (reader) => {
      this.#standing.read(reader);
      this.#highest = reader.f64();
    });
  }

  observe({ step, value }: Point, past: SeriesPast): Verdict {
    if (!Number.isFinite(value)) return allWell;
    if (past.count === 1) this.#highest = -Infinity;
    if (this.#standing.isOpen) return value < this.#standing.limit ? this.#standing.close() : allWell;
    const limit = this.#limit(past);
    if (past.count <= firstPoints && !(value >= limit)) this.#highest = Math.max(this.#highest, value);
    if (!(value >= limit)) return allWell;
    // Half the limit at most: a value that fires is never at once over.
    this.#standing.open(step, Math.min(2 * past.level, limit / 2));
    const numbers = { value, usual: past.level, limit };
    return { kind: "breach", evidence: { numbers, from: past.step(1), to: step, level: limit } };
  }

  reset(step: number): Verdict {
    return this.#standing.reset(step);
  }

  memory(): DetectorMemory {
    const writer = new ByteWriter().u8(version);
    this.#standing.write(writer);
    return writer.f64(this.#highest).finish();
  }

  #limit({ count, level }: SeriesPast): number {
    if (count <= warmUp || !(level > 0)) return Infinity;
    const { times_first, times_usual } = this.#settings;
    return Math.min(this.#highest > 0 ? times_first * this.#highest : Infinity, times_usual * level);
  }
}

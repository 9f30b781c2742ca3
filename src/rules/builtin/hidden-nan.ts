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
  count: z.int().min(1).max(1_000).default(2).describe("Zeros in a row."),
  min_level: z
    .number()
    .min(0)
    .default(1e-3)
    .describe(
      "The loss must have been above this, or ten of its spreads above 0; else zero is where it was going.",
    ),
});
type Settings = z.output<typeof settings>;

const warmUp = 3;
/** A zero so many spreads below the median was not where the loss was going. */
const spreadsFromZero = 10;

/** A loss of exactly 0, `count` times in a row, whose median and last value were above `min_level` (or far above their spread): code that replaces NaN by 0 hides the end of a run. */
export const hiddenNan: Rule<Settings> = {
  id: "hidden_nan",
  severity: "critical",
  settings,
  looksBack: true,
  memoryBound: 48,
  summary: {
    en: "A loss drops to exactly 0: often a NaN that some code replaced.",
    zh: "损失突然恰为 0：往往是 NaN 被代码替换成了 0。",
  },
  say: ({ numbers }, locale, labels) => {
    const { count = 0, usual = 0 } = numbers;
    const [name, before] = [metricName(labels), formatNumber(usual)];
    return locale === "zh"
      ? `${name} 连续 ${count} 个点恰为 0（此前约 ${before}）：可能是被掩盖的 NaN`
      : `${name} is exactly 0 for ${count} points after about ${before}: a hidden NaN?`;
  },
  appliesTo: ({ kind }) => kind === "loss",
  detector: (chosen, _labels, memory) => new HiddenNanDetector(chosen, memory),
};

const version = 1;

class HiddenNanDetector implements Detector {
  readonly #settings: Settings;
  readonly #standing = new Standing();
  #zeros = 0;
  /** Median before the zeros; NaN where they are no wonder. */
  #usual = NaN;
  /** A zero came and went unremarked: this loss reaches 0 by itself. */
  #isNatural = false;

  constructor(chosen: Settings, memory: DetectorMemory | undefined) {
    this.#settings = chosen;
    recall(memory, version, (reader) => {
      this.#standing.read(reader);
      this.#zeros = reader.u32();
      this.#usual = reader.f64();
      this.#isNatural = reader.u8() === 1;
    });
  }

  observe({ step, value }: Point, past: SeriesPast): Verdict {
    if (value !== 0) return this.#notZero(value);
    this.#zeros = Math.min(this.#zeros + 1, 1_000_000);
    const { count, min_level } = this.#settings;
    if (this.#zeros === 1) {
      const isSudden = past.count > warmUp && isFarFromZero(past, min_level);
      this.#usual = isSudden && !this.#isNatural ? past.level : NaN;
    }
    if (this.#standing.isOpen || this.#zeros < count || Number.isNaN(this.#usual)) return allWell;
    this.#standing.open(step);
    const numbers = { value, count, usual: this.#usual };
    return { kind: "breach", evidence: { numbers, from: past.step(count), to: step } };
  }

  reset(step: number): Verdict {
    this.#zeros = 0;
    return this.#standing.reset(step);
  }

  replace(): void {
    this.#zeros = Math.max(0, this.#zeros - 1);
  }

  memory(): DetectorMemory {
    const writer = new ByteWriter().u8(version);
    this.#standing.write(writer);
    return writer
      .u32(this.#zeros)
      .f64(this.#usual)
      .u8(this.#isNatural ? 1 : 0)
      .finish();
  }

  #notZero(value: number): Verdict {
    if (!Number.isFinite(value)) return allWell;
    const zeros = this.#zeros;
    this.#zeros = 0;
    if (this.#standing.isOpen) return this.#standing.close();
    if (zeros > 0) this.#isNatural = true;
    return allWell;
  }
}

/** Median and last value above the least level; of small losses, with zero ten spreads away and more than half the level to go. */
function isFarFromZero(past: SeriesPast, least: number): boolean {
  const { level, spread } = past;
  const last = past.value(1);
  if (level > least && last > least) return true;
  return level > spreadsFromZero * spread && last > level / 2;
}

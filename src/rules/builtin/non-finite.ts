import { z } from "zod";
import { ByteWriter } from "../../lib/byte-writer.js";
import { formatNumber } from "../../message/format-number.js";
import type { MetricKind } from "../../series/labels.js";
import type { Point } from "../../series/point.js";
import { recall } from "../detector-memory.js";
import { metricName } from "../metric-name.js";
import type { Detector, DetectorMemory, Rule, Severity, Verdict } from "../rule.js";
import { allWell, cleared } from "../verdicts.js";

const settings = z.strictObject({
  enabled: z.boolean().default(true).describe("Whether the rule judges at all."),
  clear_after: z
    .int()
    .min(1)
    .max(10_000)
    .default(10)
    .describe("Finite points in a row after which it is over."),
  norm_count: z
    .int()
    .min(1)
    .max(1_000)
    .default(3)
    .describe("Gradient norms only: non-finite points in a row."),
  norm_warmup: z
    .int()
    .min(0)
    .max(100_000)
    .default(20)
    .describe("Gradient norms only: first points not judged."),
});
type Settings = z.output<typeof settings>;

/**
 * NaN or infinities: critical for losses, from their first point; for other tags one warning, or one line of
 * information where the tag was never finite; for gradient norms only `norm_count` in a row after `norm_warmup`
 * points, because mixed precision overflows at the start by design.
 */
export const nonFinite: Rule<Settings> = {
  id: "non_finite",
  severity: "critical",
  input: "both",
  settings,
  memoryBound: 64,
  summary: { en: "A value is NaN or infinite.", zh: "数值为 NaN 或无穷大。" },
  say: ({ numbers }, locale, labels) => {
    const { value = NaN, never = 0 } = numbers;
    const [name, shown] = [metricName(labels), formatNumber(value)];
    if (never === 1) {
      return locale === "zh"
        ? `${name} 从未出现有限值（${shown}）`
        : `${name} has never been finite (${shown})`;
    }
    return locale === "zh" ? `${name} 变为 ${shown}` : `${name} became ${shown}`;
  },
  appliesTo: () => true,
  detector: (chosen, labels, memory) => new NonFiniteDetector(chosen, labels.kind, memory),
};

const version = 1;

class NonFiniteDetector implements Detector {
  readonly #settings: Settings;
  readonly #kind: MetricKind;
  /** Points so far, counted only up to the end of the warm-up, and the step at which it ended. */
  #points = 0;
  #warmAt = NaN;
  #firstFinite = NaN;
  #badRun = 0;
  #goodRun = 0;
  /** Steps at which something was said: what stands now, and (other tags) what is never said twice. */
  #since = NaN;
  #informedAt = NaN;
  #warnedAt = NaN;

  constructor(chosen: Settings, kind: MetricKind, memory: DetectorMemory | undefined) {
    this.#settings = chosen;
    this.#kind = kind;
    recall(memory, version, (reader) => {
      this.#points = reader.u32();
      this.#badRun = reader.u32();
      this.#goodRun = reader.u32();
      this.#warmAt = reader.f64();
      this.#firstFinite = reader.f64();
      this.#since = reader.f64();
      this.#informedAt = reader.f64();
      this.#warnedAt = reader.f64();
    });
  }

  observe(point: Point): Verdict {
    const warm = this.#points >= this.#settings.norm_warmup;
    if (!warm) this.#countUp(point.step);
    if (!Number.isFinite(point.value)) return this.#bad(point, warm);
    this.#badRun = 0;
    if (Number.isNaN(this.#firstFinite)) this.#firstFinite = point.step;
    if (Number.isNaN(this.#since)) return allWell;
    this.#goodRun += 1;
    if (this.#goodRun < this.#settings.clear_after) return allWell;
    this.#since = NaN;
    return cleared;
  }

  reset(step: number): Verdict {
    this.#badRun = 0;
    this.#goodRun = 0;
    if (!(this.#warmAt < step)) this.#points = 0;
    if (this.#firstFinite >= step) this.#firstFinite = NaN;
    if (this.#informedAt >= step) this.#informedAt = NaN;
    if (this.#warnedAt >= step) this.#warnedAt = NaN;
    if (!(this.#since >= step)) return allWell;
    this.#since = NaN;
    return cleared;
  }

  replace(): void {
    this.#badRun = Math.max(0, this.#badRun - 1);
    this.#goodRun = Math.max(0, this.#goodRun - 1);
  }

  memory(): DetectorMemory {
    return new ByteWriter()
      .u8(version)
      .u32(this.#points)
      .u32(this.#badRun)
      .u32(this.#goodRun)
      .f64(this.#warmAt)
      .f64(this.#firstFinite)
      .f64(this.#since)
      .f64(this.#informedAt)
      .f64(this.#warnedAt)
      .finish();
  }

  #countUp(step: number): void {
    this.#points += 1;
    if (this.#points === this.#settings.norm_warmup) this.#warmAt = step;
  }

  #bad(point: Point, warm: boolean): Verdict {
    this.#goodRun = 0;
    this.#badRun = Math.min(this.#badRun + 1, 1_000_000);
    if (this.#kind === "loss") {
      return Number.isNaN(this.#since) ? this.#breach(point, "critical") : allWell;
    }
    if (!Number.isNaN(this.#warnedAt)) return allWell;
    if (this.#kind === "gradient-norm") {
      const enough = warm && this.#badRun >= this.#settings.norm_count;
      return enough ? this.#warn(point) : allWell;
    }
    if (!Number.isNaN(this.#firstFinite)) return this.#warn(point);
    if (!Number.isNaN(this.#informedAt)) return allWell;
    this.#informedAt = point.step;
    return this.#breach(point, "info");
  }

  #warn(point: Point): Verdict {
    this.#warnedAt = point.step;
    return this.#breach(point, "warning");
  }

  #breach(point: Point, severity: Severity): Verdict {
    this.#since = point.step;
    const never = Number.isNaN(this.#firstFinite) && severity === "info" ? 1 : 0;
    const numbers = { value: point.value, in_a_row: this.#badRun, never };
    return { kind: "breach", severity, evidence: { numbers, from: point.step, to: point.step } };
  }
}

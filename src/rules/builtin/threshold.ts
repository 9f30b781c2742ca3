import { z } from "zod";
import { formatNumber } from "../../message/format-number.js";
import type { Point } from "../../series/point.js";
import { metricName } from "../metric-name.js";
import type { Detector, DetectorMemory, Rule, Verdict } from "../rule.js";
import { allWell, cleared, notANumber } from "../verdicts.js";

const operators = [">", ">=", "<", "<="] as const;

const settings = z.strictObject({
  enabled: z.boolean().default(true).describe("Whether the rule judges at all."),
  op: z.enum(operators).default(">").describe("How a value is compared with the limit."),
  value: z.number().optional().describe("The limit; without one the rule is silent."),
  for: z
    .int()
    .min(1)
    .max(100_000)
    .default(1)
    .describe("Points in a row beyond the limit, and as many to be over."),
  clear: z
    .number()
    .optional()
    .describe("Where it is over again; by default 5 % of the limit on its good side."),
  severity: z.enum(["info", "warning", "critical"]).default("warning").describe("How loud the alert is."),
});
type Settings = z.output<typeof settings>;

const hysteresis = 0.05;

/** A limit that a person sets for a metric; applies nowhere by itself. */
export const threshold: Rule<Settings> = {
  id: "threshold",
  severity: "warning",
  settings,
  memoryBound: 1,
  summary: { en: "A metric crosses a limit that a person set.", zh: "指标越过人工设定的阈值。" },
  say: ({ numbers, level = NaN }, locale, labels) => {
    const { value = NaN, points = 1, above = 1 } = numbers;
    const [name, shown, limit] = [metricName(labels), formatNumber(value), formatNumber(level)];
    if (locale === "zh") {
      const times = points > 1 ? `，连续 ${points} 个点` : "";
      return `${name} 为 ${shown}，${above === 1 ? "高于" : "低于"}阈值 ${limit}${times}`;
    }
    const times = points > 1 ? ` for ${points} points` : "";
    return `${name} is ${shown}, ${above === 1 ? "above" : "below"} the limit of ${limit}${times}`;
  },
  appliesTo: () => false,
  hold: ({ for: points }) => ({ breaches: points, clears: points }),
  detector: (chosen) => new ThresholdDetector(chosen),
};

/** Holds nothing: the count of points in a row is the episode's. */
class ThresholdDetector implements Detector {
  readonly #settings: Settings;
  readonly #limit: number;
  readonly #clear: number;

  constructor(chosen: Settings) {
    this.#settings = chosen;
    this.#limit = chosen.value ?? NaN;
    const margin = hysteresis * Math.abs(this.#limit);
    this.#clear = chosen.clear ?? (chosen.op.startsWith(">") ? this.#limit - margin : this.#limit + margin);
  }

  observe({ step, value }: Point): Verdict {
    if (Number.isNaN(value)) return notANumber;
    if (this.#isBeyond(value)) {
      const above = this.#settings.op.startsWith(">") ? 1 : 0;
      return {
        kind: "breach",
        severity: this.#settings.severity,
        evidence: { numbers: { value, points: this.#settings.for, above }, to: step, level: this.#limit },
      };
    }
    return this.#isBack(value) ? cleared : allWell;
  }

  reset(): Verdict {
    return allWell;
  }

  memory(): DetectorMemory {
    return new Uint8Array(0);
  }

  #isBeyond(value: number): boolean {
    switch (this.#settings.op) {
      case ">":
        return value > this.#limit;
      case ">=":
        return value >= this.#limit;
      case "<":
        return value < this.#limit;
      case "<=":
        return value <= this.#limit;
    }
  }

  #isBack(value: number): boolean {
    return this.#settings.op.startsWith(">") ? value <= this.#clear : value >= this.#clear;
  }
}

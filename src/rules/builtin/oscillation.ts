import { z } from "zod";
import { ByteWriter } from "../../lib/byte-writer.js";
import { formatNumber } from "../../message/format-number.js";
import { noiseBefore } from "../../series/noise.js";
import type { Point } from "../../series/point.js";
import type { SeriesPast } from "../../series/recent-points.js";
import { isCurve } from "../badness.js";
import { recall } from "../detector-memory.js";
import { metricName } from "../metric-name.js";
import { enabled } from "../on-or-off.js";
import type { Detector, DetectorMemory, Rule, Verdict } from "../rule.js";
import { Standing } from "../standing.js";
import { allWell } from "../verdicts.js";

const settings = z.strictObject({
  enabled,
  swing: z
    .number()
    .min(0)
    .default(0.03)
    .describe("Smallest swing from top to bottom, as a share of the level."),
  gate: z.number().min(0).default(4).describe("And in units of the noise before these evaluations."),
  share: z
    .number()
    .min(0.01)
    .max(0.5)
    .default(0.2)
    .describe("Swings of that size, as a share of the last 40 evaluations."),
  clear: z.number().min(0).max(0.5).default(0.1).describe("Below this share it is over."),
});
type Settings = z.output<typeof settings>;

const evaluations = 40;
/** Judged at every fifth evaluation: swings are many, and the noise before them costs a sort. */
const every = 5;

/** Evaluations that swing: the i-th local top lies above the i-th local bottom by max(swing · |level|, gate · noise) in a share of the last 40. */
export const oscillation: Rule<Settings> = {
  id: "oscillation",
  severity: "info",
  settings,
  looksBack: true,
  memoryBound: 32,
  summary: {
    en: "Evaluations swing up and down far beyond their noise.",
    zh: "评估指标大幅上下震荡，远超噪声。",
  },
  say: ({ numbers }, locale, labels) => {
    const { swings = 0, limit = 0, size = 0 } = numbers;
    const [name, least, usual] = [metricName(labels), formatNumber(limit), formatNumber(size)];
    return locale === "zh"
      ? `${name} 在最近 ${evaluations} 次评估中震荡 ${swings} 次，幅度约 ${usual}（限值 ${least}）`
      : `${name} swung ${swings} times in the last ${evaluations} evaluations, by about ${usual} (limit ${least})`;
  },
  appliesTo: (labels) => isCurve(labels) && labels.phase === "validation",
  detector: (chosen, _labels, memory) => new OscillationDetector(chosen, memory),
};

const version = 1;

class OscillationDetector implements Detector {
  readonly #settings: Settings;
  readonly #standing = new Standing();

  constructor(chosen: Settings, memory: DetectorMemory | undefined) {
    this.#settings = chosen;
    recall(memory, version, (reader) => {
      this.#standing.read(reader);
    });
  }

  observe(point: Point, past: SeriesPast): Verdict {
    if (!Number.isFinite(point.value) || past.length < evaluations || past.count % every !== 0)
      return allWell;
    const { share, clear } = this.#settings;
    const limit = this.#standing.isOpen ? this.#standing.limit : this.#limit(past);
    const { count, total } = swingsOf(past, limit);
    if (this.#standing.isOpen) return count < clear * evaluations ? this.#standing.close() : allWell;
    if (count < share * evaluations) return allWell;
    this.#standing.open(point.step, limit);
    const numbers = { value: point.value, swings: count, size: total / count, limit };
    return { kind: "breach", evidence: { numbers, from: past.step(evaluations - 1), to: point.step } };
  }

  reset(step: number): Verdict {
    return this.#standing.reset(step);
  }

  memory(): DetectorMemory {
    const writer = new ByteWriter().u8(version);
    this.#standing.write(writer);
    return writer.finish();
  }

  /** Noise from before these evaluations, which a swing would raise; their own where there is nothing before. */
  #limit(past: SeriesPast): number {
    const noise = noiseBefore(past, evaluations) ?? past.noise();
    return Math.max(this.#settings.swing * Math.abs(past.level), this.#settings.gate * noise);
  }
}

/** How many tops lie above the bottom before them by the limit, and by how much in all. */
function swingsOf(past: SeriesPast, limit: number): { readonly count: number; readonly total: number } {
  let count = 0;
  let total = 0;
  let bottom = NaN;
  for (let back = evaluations - 2; back >= 1; back -= 1) {
    const value = past.value(back);
    const [before, after] = [value - past.value(back + 1), past.value(back - 1) - value];
    if (before < 0 && after >= 0) bottom = value;
    if (!(before > 0 && after <= 0) || !(value - bottom >= limit)) continue;
    count += 1;
    total += value - bottom;
  }
  return { count, total };
}

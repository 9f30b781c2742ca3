import { z } from "zod";
import { ByteWriter } from "../../lib/byte-writer.js";
import { formatCount, formatNumber } from "../../message/format-number.js";
import type { Point } from "../../series/point.js";
import { recall } from "../detector-memory.js";
import { metricName } from "../metric-name.js";
import { enabled } from "../on-or-off.js";
import type { Detector, DetectorMemory, Evidence, Rule, RunLength, Severity, Verdict } from "../rule.js";
import { Standing } from "../standing.js";
import { allWell, cleared } from "../verdicts.js";

const settings = z.strictObject({
  enabled,
  dead: z.int().min(2).max(100_000).default(20).describe("Points in a row at zero, below it or not finite."),
  times: z
    .number()
    .min(2)
    .default(10)
    .describe("How many times larger or smaller, from one point to the next."),
  most: z.number().positive().default(1).describe("A learning rate above this, three points in a row."),
  constant: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe("Share of the declared length without any change, where the run declares a schedule."),
});
type Settings = z.output<typeof settings>;

/** Points, and share of a known length, in which a warm-up may jump. */
const firstPoints = 20;
const firstShare = 0.05;
const tooHighInARow = 3;
/** Below this share of the highest rate a schedule is running out, and its last steps are large ones. */
const runningOut = 0.05;

/** What is odd: 1 dead, 2 a jump, 3 too high, 4 constant. */
const odd = { none: 0, dead: 1, jump: 2, high: 3, constant: 4 } as const;
type Odd = (typeof odd)[keyof typeof odd];

/**
 * A learning rate that is dead for `dead` points, jumps by `times` (a warm restart to where it has been is a schedule, and
 * so are the last steps of one that runs out), lies above `most`, or never changes although a schedule was declared.
 */
export const lrAnomaly: Rule<Settings> = {
  id: "lr_anomaly",
  severity: "warning",
  settings,
  memoryBound: 128,
  summary: {
    en: "A learning rate is dead, jumps, is far too high, or ignores its schedule.",
    zh: "学习率为零、突变、过高或未按计划变化。",
  },
  say: (evidence, locale, labels) =>
    locale === "zh" ? sayZh(evidence, metricName(labels)) : sayEn(evidence, metricName(labels)),
  appliesTo: ({ kind }) => kind === "learning-rate",
  detector: (chosen, _labels, memory) => new LrAnomalyDetector(chosen, memory),
};

function sayEn({ numbers }: Evidence, name: string): string {
  const { odd: what, value = NaN, before = NaN, count = 0, limit = 0 } = numbers;
  const [now, was, points] = [formatNumber(value), formatNumber(before), formatCount(count)];
  if (what === odd.dead)
    return `${name} has been ${now} for ${points} points: nothing is learned at that rate`;
  if (what === odd.jump) return `${name} jumped from ${was} to ${now} in one point`;
  if (what === odd.high) return `${name} is ${now}, above ${formatNumber(limit)}`;
  return `${name} has stayed at ${now} for ${points} points, although the run declares a schedule`;
}

function sayZh({ numbers }: Evidence, name: string): string {
  const { odd: what, value = NaN, before = NaN, count = 0, limit = 0 } = numbers;
  const [now, was, points] = [formatNumber(value), formatNumber(before), formatCount(count)];
  if (what === odd.dead) return `${name} 连续 ${points} 个点为 ${now}：此学习率下学不到任何东西`;
  if (what === odd.jump) return `${name} 在一个点内由 ${was} 突变为 ${now}`;
  if (what === odd.high) return `${name} 为 ${now}，高于 ${formatNumber(limit)}`;
  return `${name} 连续 ${points} 个点保持 ${now}，而运行声明了学习率计划`;
}

const version = 1;

class LrAnomalyDetector implements Detector {
  readonly #settings: Settings;
  readonly #standing = new Standing();
  #what: Odd = odd.none;
  #points = 0;
  #before = NaN;
  #highest = 0;
  /** Dead points, and too high ones, in a row; and points since the last change. */
  #dead = 0;
  #high = 0;
  #same = 0;
  #changed = false;
  #length = NaN;
  #scheduled = false;

  constructor(chosen: Settings, memory: DetectorMemory | undefined) {
    this.#settings = chosen;
    recall(memory, version, (reader) => {
      this.#standing.read(reader);
      this.#what = oddOf(reader.u8());
      [this.#points, this.#before, this.#highest] = [reader.f64(), reader.f64(), reader.f64()];
      [this.#dead, this.#high, this.#same] = [reader.f64(), reader.f64(), reader.f64()];
      [this.#changed, this.#length, this.#scheduled] = [reader.u8() === 1, reader.f64(), reader.u8() === 1];
    });
  }

  observe(point: Point): Verdict {
    const { value } = point;
    const before = this.#before;
    this.#count(value);
    if (this.#standing.isOpen) return this.#follow(value);
    if (this.#dead >= this.#settings.dead)
      return this.#breach(odd.dead, point, { before, count: this.#dead });
    if (this.#high >= tooHighInARow)
      return this.#breach(odd.high, point, { before, limit: this.#settings.most });
    if (this.#jumps(point, before)) return this.#breach(odd.jump, point, { before });
    if (this.#scheduled && !this.#changed && point.step >= this.#settings.constant * this.#length)
      return this.#breach(odd.constant, point, { before, count: this.#points });
    return allWell;
  }

  reset(step: number): Verdict {
    [this.#dead, this.#high, this.#same, this.#before] = [0, 0, 0, NaN];
    return this.#standing.reset(step);
  }

  replace(): void {
    this.#dead = Math.max(0, this.#dead - 1);
    this.#high = Math.max(0, this.#high - 1);
  }

  declare({ steps, schedule }: RunLength): void {
    if (steps !== undefined && steps > 0) this.#length = steps;
    if (schedule !== undefined) this.#scheduled = true;
  }

  memory(): DetectorMemory {
    const writer = new ByteWriter(128).u8(version);
    this.#standing.write(writer);
    writer.u8(this.#what).f64(this.#points).f64(this.#before).f64(this.#highest);
    writer.f64(this.#dead).f64(this.#high).f64(this.#same);
    return writer
      .u8(this.#changed ? 1 : 0)
      .f64(this.#length)
      .u8(this.#scheduled ? 1 : 0)
      .finish();
  }

  #count(value: number): void {
    this.#points += 1;
    const isDead = !Number.isFinite(value) || value <= 0;
    this.#dead = isDead ? this.#dead + 1 : 0;
    this.#high = value > this.#settings.most ? this.#high + 1 : 0;
    const isSame = value === this.#before;
    this.#same = isSame ? this.#same + 1 : 0;
    if (this.#points > 1 && !isSame && !Number.isNaN(this.#before)) this.#changed = true;
    this.#before = value;
  }

  #jumps({ step, value }: Point, before: number): boolean {
    const highest = this.#highest;
    if (value > highest && value < Infinity) this.#highest = value;
    if (this.#points <= firstPoints || step <= firstShare * this.#length || !(before > 0 && value > 0))
      return false;
    const times = this.#settings.times * (1 + 1e-6);
    if (value > before * times) return value > highest * (1 + 1e-3);
    return before > value * times && before >= runningOut * highest;
  }

  #breach(what: Odd, { step, value }: Point, numbers: Evidence["numbers"]): Verdict {
    this.#what = what;
    this.#standing.open(step);
    const severity: Severity = what === odd.dead && this.#highest === 0 ? "info" : "warning";
    return { kind: "breach", severity, evidence: { numbers: { value, odd: what, ...numbers }, to: step } };
  }

  #follow(value: number): Verdict {
    if (value > this.#highest && value < Infinity) this.#highest = value;
    this.#standing.points += 1;
    return this.#isOver() ? this.#end() : allWell;
  }

  #isOver(): boolean {
    if (this.#what === odd.dead) return this.#dead === 0;
    if (this.#what === odd.high) return this.#high === 0;
    if (this.#what === odd.constant) return this.#changed;
    return this.#standing.points >= firstPoints;
  }

  #end(): Verdict {
    this.#what = odd.none;
    this.#standing.close();
    return cleared;
  }
}

function oddOf(stored: number): Odd {
  return Object.values(odd).find((what) => what === stored) ?? odd.none;
}

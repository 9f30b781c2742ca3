import { locales } from "../lib/locale.js";
import { labelSeries } from "../series/label-series.js";
import type { SeriesLabels } from "../series/labels.js";
import type { Point } from "../series/point.js";
import { RecentPoints } from "../series/recent-points.js";
import { watchIdOf } from "../series/run.js";
import type { Detector, DetectorMemory, Evidence, Rule, Verdict } from "./rule.js";

/** One thing the contract asks of a rule; `problem` says how it is broken. */
export interface RuleCheck {
  readonly name: string;
  readonly problem?: string;
}

/** Holds a rule to the contract of its detectors: awkward curves, memory that survives a round trip at any point, its bound, its words. Never throws. */
export function checkRule(rule: Rule, settings?: Readonly<Record<string, unknown>>): readonly RuleCheck[] {
  const checks: RuleCheck[] = [];
  const check = (name: string, run: () => void): void => {
    try {
      run();
      checks.push({ name });
    } catch (error) {
      checks.push({ name, problem: error instanceof Error ? error.message : String(error) });
    }
  };
  const bench = new Bench(rule, settings);
  check("settings have a default each, `enabled` among them", () => checkSettings(rule));
  check("an answer for every kind of series", () => {
    for (const labels of series) rule.appliesTo(labels);
  });
  for (const [name, points] of awkward) check(`survives ${name}`, () => bench.survives(points));
  check("memory goes on where it left off, whatever the cut", () => bench.roundTrips());
  check("memory that is empty or of another version starts anew", () => bench.startsAnew());
  check("memory stays within memoryBound over 100,000 points", () => bench.staysBounded());
  return checks;
}

const run = { watch: watchIdOf("/logs"), name: "run" };
const series = ["loss", "val/accuracy", "grad_norm", "x"].map((tag) => labelSeries({ run, split: "", tag }));

/** Repeatable noise in [0, 1). */
function noise(i: number): number {
  const x = Math.sin(i * 12.9898) * 43_758.5453;
  return x - Math.floor(x);
}

function curve(count: number, value: (i: number) => number, step = (i: number): number => i): Point[] {
  return Array.from({ length: count }, (_, i) => ({ step: step(i), wallTime: i * 60, value: value(i) }));
}

const awkward: readonly (readonly [string, readonly Point[]])[] = [
  ["one point", curve(1, () => 1)],
  ["nothing but NaN", curve(200, () => NaN)],
  ["a constant", curve(500, () => 0.25)],
  ["alternating values", curve(500, (i) => i % 2)],
  ["huge values", curve(500, (i) => (i % 2 === 0 ? 1e308 : -1e308))],
  ["tiny values", curve(500, (i) => i * Number.MIN_VALUE)],
  ["all kinds of non-finite values", curve(500, (i) => [1, NaN, Infinity, -Infinity, 2][i % 5] ?? 0)],
  ["steps going back", curve(500, noise, (i) => i % 7)],
  ["a rise without end", curve(500, (i) => i)],
];

function checkSettings(rule: Rule): void {
  const parsed = rule.settings.parse({});
  if (typeof parsed !== "object" || parsed === null || !("enabled" in parsed))
    throw new Error("`enabled` is missing");
}

class Bench {
  readonly #rule: Rule;
  readonly #settings: unknown;

  constructor(rule: Rule, settings: Readonly<Record<string, unknown>> = {}) {
    this.#rule = rule;
    this.#settings = rule.settings.parse(settings);
  }

  survives(points: readonly Point[]): void {
    for (const labels of series) {
      const fed = new FedDetector(this.#bound(labels), labels);
      for (const verdict of points.flatMap((point) => fed.take(point)))
        if (verdict.kind === "breach") this.#saysWell(verdict.evidence, labels);
    }
  }

  roundTrips(): void {
    const wild = (i: number): number => (noise(i) > 0.97 ? NaN : noise(i) + (i % 40) / 20);
    const points = curve(300, wild, (i) => (i < 200 ? i : i - 30));
    for (const labels of series) {
      const uncut = new FedDetector(this.#bound(labels), labels);
      const cut = new FedDetector(this.#bound(labels), labels);
      for (const [i, point] of points.entries()) {
        if (i % 3 === 0) cut.detector = this.#bound(labels, cut.detector.memory());
        const [one, other] = [cut.take(point), uncut.take(point)].map((said) => JSON.stringify(said));
        if (one !== other)
          throw new Error(`point ${i + 1}: says ${one} after a round trip, ${other} without`);
      }
      if (!Buffer.from(cut.detector.memory()).equals(uncut.detector.memory()))
        throw new Error("memory differs after a round trip");
    }
  }

  startsAnew(): void {
    for (const labels of series) {
      const fresh = this.#bound(labels).memory();
      for (const memory of [new Uint8Array(0), new Uint8Array([250, 1, 2, 3])])
        if (!Buffer.from(this.#bound(labels, memory).memory()).equals(fresh))
          throw new Error(
            memory.length === 0 ? "empty memory is not new" : "another version's memory is read",
          );
    }
  }

  staysBounded(): void {
    for (const labels of series) {
      const fed = new FedDetector(this.#bound(labels), labels);
      for (let i = 0; i < 100_000; i += 1) {
        fed.take({ step: i, wallTime: i, value: noise(i) + i / 1_000 });
        if (i % 5_000 !== 0) continue;
        const { length } = fed.detector.memory();
        if (length > this.#rule.memoryBound)
          throw new Error(`${length} bytes after ${i + 1} points, memoryBound is ${this.#rule.memoryBound}`);
      }
    }
  }

  #bound(labels: SeriesLabels, memory?: DetectorMemory): Detector {
    return this.#rule.detector(this.#settings, labels, memory);
  }

  #saysWell(evidence: Evidence, labels: SeriesLabels): void {
    for (const locale of locales) {
      const said = this.#rule.say(evidence, locale, labels);
      if (said.length < 4 || /undefined|\[object|\n/u.test(said))
        throw new Error(`says ${JSON.stringify(said.slice(0, 80))} (${locale})`);
    }
  }
}

/** A detector fed as a judge feeds it: steps back are a reset, a step again replaces. */
class FedDetector {
  detector: Detector;
  readonly #labels: SeriesLabels;
  readonly #past = new RecentPoints();
  #step = -Infinity;

  constructor(detector: Detector, labels: SeriesLabels) {
    this.detector = detector;
    this.#labels = labels;
  }

  take(point: Point): readonly Verdict[] {
    const said: Verdict[] = [];
    if (point.step < this.#step) said.push(this.detector.reset(point.step));
    if (point.step === this.#step) this.detector.replace?.(point.step);
    if (point.step <= this.#step) this.#past.dropFrom(point.step);
    this.#step = point.step;
    if (Number.isFinite(point.value)) this.#past.push(point.step, point.value);
    said.push(this.detector.observe(point, this.#past, this.#labels));
    return said;
  }
}

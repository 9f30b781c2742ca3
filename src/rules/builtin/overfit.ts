import { z } from "zod";
import { ByteWriter } from "../../lib/byte-writer.js";
import { shortHash } from "../../lib/short-hash.js";
import { formatCount, formatNumber } from "../../message/format-number.js";
import type { SeriesLabels } from "../../series/labels.js";
import { noiseBefore } from "../../series/noise.js";
import type { Point } from "../../series/point.js";
import type { SeriesPast } from "../../series/recent-points.js";
import { recall } from "../detector-memory.js";
import { longestPairedName, LossPair, lossPairBytes, lossStem, type PairedPoint } from "../loss-pair.js";
import { metricName } from "../metric-name.js";
import { enabled } from "../on-or-off.js";
import type { Detector, DetectorMemory, Rule, Verdict } from "../rule.js";
import type { RunSigns } from "../run-signs.js";
import { Standing } from "../standing.js";
import { allWell, cleared } from "../verdicts.js";

const settings = z.strictObject({
  enabled,
  count: z.int().min(1).max(20).default(3).describe("Evaluations in a row."),
  rise: z.number().min(0).default(0.05).describe("Rise of the validation loss, as a share of its best."),
  clear: z.number().min(0).default(0.02).describe("Within this share of its best it is over."),
  gate: z
    .number()
    .min(0)
    .default(6)
    .describe("Smallest rise in units of the validation loss's noise; 0 switches the gate off."),
});
type Settings = z.output<typeof settings>;

const warmUp = 5;
const noiseWindow = { most: 16, fewest: 3 };
/** Pairs of losses of one run that are judged. */
const mostPairs = 8;

/**
 * A validation loss above its best by more than max(rise · |best|, gate · noise of the 16 differences before) for `count`
 * evaluations, while the smoothed training loss lies below what it was at that best: the growth of the gap, not its size.
 */
export const overfit: Rule<Settings> = {
  id: "overfit",
  severity: "warning",
  settings,
  scope: "run",
  memoryBound: 2 + mostPairs * (lossPairBytes + 64),
  summary: {
    en: "Validation loss rises while training loss still falls.",
    zh: "验证损失上升，而训练损失仍在下降。",
  },
  say: ({ numbers }, locale, labels) => {
    const { value = 0, best = 0, best_step = 0, count = 0, train = 0, train_before = 0 } = numbers;
    const [name, from, to] = [metricName(labels), formatNumber(best), formatNumber(value)];
    const [before, now, step] = [formatNumber(train_before), formatNumber(train), formatCount(best_step)];
    return locale === "zh"
      ? `${name} 过拟合：第 ${step} 步的最佳值 ${from}，连续 ${count} 次评估后为 ${to}，同期训练损失 ${before} → ${now}`
      : `${name} overfits: ${from} at step ${step}, now ${to}, ${count} evaluations in a row, while training loss fell ${before} → ${now}`;
  },
  appliesTo: () => true,
  detector: (chosen, _labels, memory) => new OverfitDetector(chosen, memory),
};

const version = 1;

class OverfitDetector implements Detector {
  readonly #settings: Settings;
  readonly #pairs: JudgedPair[] = [];
  readonly #places = new WeakMap<SeriesLabels, Place>();
  /** Until when the next validation point waits for its training loss. */
  #due: number | undefined;

  constructor(chosen: Settings, memory: DetectorMemory | undefined) {
    this.#settings = chosen;
    recall(memory, version, (reader) => {
      for (let left = reader.u8(); left > 0; left -= 1) {
        const pair = newPair(LossPair.read(reader));
        pair.standing.read(reader);
        [pair.best, pair.bestStep, pair.bestTrain] = [reader.f64(), reader.f64(), reader.f64()];
        [pair.judged, pair.above] = [reader.u32(), reader.u8()];
        this.#pairs.push(pair);
      }
      this.#due = this.#soonest();
    });
  }

  observe(point: Point, _past: SeriesPast, series: SeriesLabels): Verdict {
    if (series.kind !== "loss") return allWell;
    const place = this.#places.get(series) ?? this.#placeOf(series);
    if (place.pair === undefined) return allWell;
    const { pair, side } = place;
    if (side === "train") pair.losses.takeTrain(point);
    else if (this.#goesBack(pair, point)) {
      this.#due = this.#soonest();
      return this.#quiet() ? cleared : allWell;
    }
    const verdict = this.#judgeWaiting(pair, -Infinity);
    this.#due = this.#soonest();
    return verdict;
  }

  /** What was validated after the training loss ended waits for none. */
  tick(now: number): Verdict {
    let said = allWell;
    for (const pair of this.#pairs) {
      const verdict = this.#judgeWaiting(pair, now);
      if (verdict !== allWell) said = verdict;
    }
    this.#due = this.#soonest();
    return said;
  }

  deadline(): number | undefined {
    return this.#due;
  }

  learn({ isRead }: RunSigns): Verdict {
    return isRead === true ? this.tick(Infinity) : allWell;
  }

  /** Series go back one by one, and are heard of as points. */
  reset(): Verdict {
    return allWell;
  }

  memory(): DetectorMemory {
    const writer = new ByteWriter(512).u8(version).u8(this.#pairs.length);
    for (const { losses, standing, best, bestStep, bestTrain, judged, above } of this.#pairs) {
      losses.write(writer);
      standing.write(writer);
      writer.f64(best).f64(bestStep).f64(bestTrain).u32(judged).u8(above);
    }
    return writer.finish();
  }

  #placeOf(series: SeriesLabels): Place {
    const place = this.#findPlace(series);
    this.#places.set(series, place);
    return place;
  }

  #findPlace(series: SeriesLabels): Place {
    if (Math.max(series.split.length, series.tag.length) > longestPairedName) return nowhere;
    const id = shortHash(lossStem(series.tag), 12);
    let pair = this.#pairs.find(({ losses }) => losses.id === id);
    if (pair === undefined) {
      if (this.#pairs.length === mostPairs) return nowhere;
      pair = newPair(new LossPair(id));
      this.#pairs.push(pair);
    }
    const side = pair.losses.sideOf(series);
    return side === undefined ? nowhere : { pair, side };
  }

  /** Up to the first that changes whether something stands. */
  #judgeWaiting(pair: JudgedPair, now: number): Verdict {
    for (;;) {
      const next = pair.losses.next(now);
      if (next === undefined) return allWell;
      const wasQuiet = this.#quiet();
      const verdict = this.#judge(pair, next);
      if (this.#quiet() !== wasQuiet) return verdict;
    }
  }

  #soonest(): number | undefined {
    const due = this.#pairs.reduce((least, { losses }) => Math.min(least, losses.waitsUntil), Infinity);
    return due === Infinity ? undefined : due;
  }

  /** Whether no pair stands. */
  #quiet(): boolean {
    return !this.#pairs.some(({ standing }) => standing.isOpen);
  }

  /** Takes a validation point; whether the evidence of the one breach that stood went with it. */
  #goesBack(pair: JudgedPair, point: Point): boolean {
    const meaning = pair.losses.takeValidation(point);
    if (meaning === "next" || meaning === "again") return false;
    pair.above = meaning === "back" ? 0 : Math.max(0, pair.above - 1);
    if (pair.bestStep >= point.step) pair.best = NaN;
    return pair.standing.isOpen && pair.standing.reset(point.step).kind === "clear";
  }

  #judge(pair: JudgedPair, point: PairedPoint): Verdict {
    const { value, step, train } = point;
    pair.judged += 1;
    if (!(value >= pair.best)) [pair.best, pair.bestStep, pair.bestTrain] = [value, step, train];
    const lost = value - pair.best;
    if (pair.standing.isOpen)
      return lost <= this.#settings.clear * Math.abs(pair.best) ? pair.standing.close() : allWell;
    const limit = this.#limit(pair, point, lost);
    if (pair.judged <= warmUp || !(lost > limit) || !(train < pair.bestTrain)) {
      pair.above = 0;
      return allWell;
    }
    pair.above += 1;
    return pair.above < this.#settings.count ? allWell : this.#breach(pair, point, limit);
  }

  #limit(pair: JudgedPair, { back }: PairedPoint, lost: number): number {
    const { rise, gate } = this.#settings;
    const least = rise * Math.abs(pair.best);
    if (!(lost > least) || gate === 0) return least;
    return Math.max(
      least,
      gate * (noiseBefore(pair.losses.validation, back + pair.above + 1, noiseWindow) ?? 0),
    );
  }

  #breach(pair: JudgedPair, { step, value, train }: PairedPoint, limit: number): Verdict {
    const { best, bestStep: best_step, bestTrain: train_before, above: count, losses } = pair;
    pair.above = 0;
    pair.standing.open(step, limit);
    const numbers = { value, best, best_step, count, train, train_before, limit: best + limit };
    const { about } = losses;
    const evidence = { numbers, from: best_step, to: step, level: best, ...(about && { about }) };
    return { kind: "breach", evidence };
  }
}

interface JudgedPair {
  readonly losses: LossPair;
  readonly standing: Standing;
  best: number;
  bestStep: number;
  /** The smoothed training loss when the best was written. */
  bestTrain: number;
  judged: number;
  above: number;
}

type Place =
  { readonly pair: JudgedPair; readonly side: "train" | "validation" } | { readonly pair?: undefined };
const nowhere: Place = {};

function newPair(losses: LossPair): JudgedPair {
  return { losses, standing: new Standing(), best: NaN, bestStep: NaN, bestTrain: NaN, judged: 0, above: 0 };
}

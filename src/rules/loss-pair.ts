import type { ByteReader } from "../lib/byte-reader.js";
import type { ByteWriter } from "../lib/byte-writer.js";
import { phases } from "../series/label-series.js";
import type { SeriesLabels } from "../series/labels.js";
import { metricWords } from "../series/metric-words.js";
import type { Point } from "../series/point.js";
import { MetricWindow, windowBytes } from "./expression/metric-window.js";

/** Longest split and tag, in UTF-16 units each, of a loss that is paired. */
export const longestPairedName = 200;
/** Validation points that are kept: those that wait for the training loss, and those whose noise is measured. */
const validationKept = 48;
/** Smoothed values of the training loss that are kept: what it was when a validation point was written, should that be read late. */
const samplesKept = 128;
const span = 20;
/** A writer sits on its points for up to 120 seconds; a training loss that has not come then has ended. */
const longestWait = 300;
/** Upper bound of a pair's memory in bytes. */
export const lossPairBytes =
  16 + 4 * (4 + 3 * longestPairedName) + 9 * 8 + 2 + windowBytes(validationKept) + windowBytes(samplesKept);

/** A validation point that can be judged: the training loss stood at `train` when it was written. */
export interface PairedPoint {
  readonly step: number;
  readonly value: number;
  readonly train: number;
  /** Its place in the window of validation points. */
  readonly back: number;
}

/** What two losses of a run that belong together have in common: the words of the tag that are no phase and no filler. */
export function lossStem(tag: string): string {
  return metricWords(tag)
    .filter((word) => !phases.has(word) && !fillers.has(word))
    .join(" ");
}

const fillers: ReadonlySet<string> = new Set(
  "loss losses total mean avg average epoch epochs step steps running all overall".split(" "),
);

/** A training loss and the validation loss that goes with it, joined by wall time; each side is the first series seen of its phase. */
export class LossPair {
  readonly id: string;
  readonly validation = new MetricWindow(validationKept);
  readonly #samples = new MetricWindow(samplesKept);
  #sides: [SideName | undefined, SideName | undefined] = [undefined, undefined];
  /** Newest validation points that wait for the training loss to come as far. */
  #waiting = 0;
  #last = { step: -Infinity, value: NaN };
  #train = { step: -Infinity, wallTime: -Infinity, count: 0, smooth: NaN };

  /** `id`: a short hash of the stem that both sides share. */
  constructor(id: string) {
    this.id = id;
  }

  /** The validation loss, once one was seen. */
  get about(): SideName | undefined {
    return this.#sides[1];
  }

  /** Which side of the pair a series is; the first of its phase takes the place. */
  sideOf({ split, tag, phase }: SeriesLabels): "train" | "validation" | undefined {
    const place = phase === "validation" ? 1 : 0;
    const own = (this.#sides[place] ??= { split, tag });
    if (own.split !== split || own.tag !== tag) return undefined;
    return place === 1 ? "validation" : "train";
  }

  takeTrain({ step, wallTime, value }: Point): void {
    const train = this.#train;
    if (step < train.step) {
      this.#samples.dropFrom(step);
      train.count = 0;
    }
    train.step = step;
    train.wallTime = Math.max(train.wallTime, wallTime);
    if (!Number.isFinite(value)) return;
    train.count += 1;
    const weight = Math.max(2 / (span + 1), 1 / train.count);
    train.smooth = train.count === 1 ? value : train.smooth * (1 - weight) + value * weight;
    this.#samples.push(step, wallTime, train.smooth);
  }

  /** What the point means; the step it went back to, or replaced, is dropped. */
  takeValidation({ step, wallTime, value }: Point): "next" | "again" | "replaces" | "back" {
    const { step: before, value: known } = this.#last;
    if (step === before && Object.is(value, known)) return "again";
    this.#last = { step, value };
    if (step <= before) this.#waiting = Math.max(0, this.#waiting - this.validation.dropFrom(step));
    if (Number.isFinite(value)) {
      this.validation.push(step, wallTime, value);
      this.#waiting = Math.min(this.#waiting + 1, validationKept / 2);
    }
    if (step > before) return "next";
    return step === before ? "replaces" : "back";
  }

  /** Until when the next validation point waits for a training loss that may be read late. Seconds; Infinity where none waits. */
  get waitsUntil(): number {
    return this.#waiting === 0 ? Infinity : this.validation.wallTime(this.#waiting - 1) + longestWait;
  }

  /** The next validation point whose time the training loss has reached (or whose step is the training loss's own), or that has waited until `now`. */
  next(now = -Infinity): PairedPoint | undefined {
    if (this.#waiting === 0) return undefined;
    const back = this.#waiting - 1;
    const [step, wallTime] = [this.validation.step(back), this.validation.wallTime(back)];
    const isReached = this.#train.step === step || this.#train.wallTime >= wallTime;
    if (!isReached && this.waitsUntil > now) return undefined;
    this.#waiting -= 1;
    return { step, value: this.validation.value(back), train: this.#trainAt(wallTime), back };
  }

  write(writer: ByteWriter): void {
    writer.text(this.id);
    for (const side of this.#sides) {
      writer.u8(side === undefined ? 0 : 1);
      if (side !== undefined) writer.text(side.split).text(side.tag);
    }
    const { step, wallTime, count, smooth } = this.#train;
    writer.f64(step).f64(wallTime).f64(count).f64(smooth);
    writer.f64(this.#last.step).f64(this.#last.value).f64(this.#waiting);
    this.validation.write(writer);
    this.#samples.write(writer);
  }

  static read(reader: ByteReader): LossPair {
    const pair = new LossPair(reader.text());
    const side = (): SideName | undefined =>
      reader.u8() === 1 ? { split: reader.text(), tag: reader.text() } : undefined;
    pair.#sides = [side(), side()];
    pair.#train = { step: reader.f64(), wallTime: reader.f64(), count: reader.f64(), smooth: reader.f64() };
    pair.#last = { step: reader.f64(), value: reader.f64() };
    pair.#waiting = reader.f64();
    pair.validation.read(reader);
    pair.#samples.read(reader);
    return pair;
  }

  #trainAt(wallTime: number): number {
    const samples = this.#samples;
    if (samples.length === 0) return NaN;
    let back = 0;
    while (back + 1 < samples.length && samples.wallTime(back) > wallTime) back += 1;
    return samples.value(back);
  }
}

interface SideName {
  readonly split: string;
  readonly tag: string;
}

import type { ByteReader } from "../lib/byte-reader.js";
import type { ByteWriter } from "../lib/byte-writer.js";
import { persistenceOf } from "./persistence.js";
import { SortedWindow } from "./sorted-window.js";

/** How many finite points of a series the rules can look back on: a window of 128 before the newest, and one to spare. */
export const recentCapacity = 130;
/** Points before the newest whose median and spread are known. */
export const levelWindow = 64;
/** The smoothed value is an exponentially weighted mean of this span; α = 2 / (span + 1), and a plain mean at first. */
export const smoothSpan = 20;
/** Points whose mean is the start of the series. */
const startPoints = 5;
/** A value this many spreads away enters the statistics as that much only (a spike must not raise its own threshold) … */
const tamedAt = 6;
/** … until so many in a row are: then the level has moved. */
const tamedInARow = 10;
const fewestForTaming = 8;
const alpha = 2 / (smoothSpan + 1);

/** What rules read of a series' recent finite points; 0 is the newest, which is the point being judged when it is finite. */
export interface SeriesPast {
  readonly length: number;
  /** Finite points so far; less what a restart took away, as far back as points are kept. */
  readonly count: number;
  value(back: number): number;
  step(back: number): number;
  /** The value as the statistics take it: tamed where it lies far outside. */
  calm(back: number): number;
  /** Exponentially weighted mean of the calm values, span 20, up to that point. */
  smooth(back: number): number;
  /** Mean of the first five values. */
  readonly start: number;
  /** Median of the 64 calm values before the newest; NaN for the first point. */
  readonly level: number;
  /** 1.4826 · median distance from the level, at least 0.001 · |level| and 1e-12. */
  readonly spread: number;
  /** Noise from the 64 differences before the newest point: 1.4826 · median|d − med d| / √2, with the floor of `spread`; NaN with fewer than 8. */
  noise(): number;
  /** How much of a value's distance from the curve the next one inherits, by up to 128 differences: 0 where points are independent, at most 0.95. */
  persistence(): number;
}

/** The newest finite points of one series, in the order read, and their statistics, kept once for all rules; at most 17 bytes × 130 where nothing was tamed. */
export class RecentPoints implements SeriesPast {
  readonly #steps = new Float64Array(recentCapacity);
  readonly #values = new Float64Array(recentCapacity);
  readonly #calm = new Float64Array(recentCapacity);
  readonly #smooth = new Float64Array(recentCapacity);
  readonly #levels = new SortedWindow(levelWindow);
  readonly #moves = new SortedWindow(levelWindow);
  #newest = -1;
  #length = 0;
  #count = 0;
  #start = NaN;
  /** Tamed values in a row: above the level positive, below negative. */
  #tamed = 0;
  #level = NaN;
  #spread = NaN;
  /** Spread of the differences, once one of the rules asked for it; NaN while none did since the newest point. */
  #move = NaN;

  get length(): number {
    return this.#length;
  }

  get count(): number {
    return this.#count;
  }

  get start(): number {
    return this.#start;
  }

  get level(): number {
    return this.#level;
  }

  get spread(): number {
    return this.#spread;
  }

  /** NaN beyond the oldest point kept. */
  value(back: number): number {
    return back < this.#length ? (this.#values[this.#at(back)] ?? NaN) : NaN;
  }

  step(back: number): number {
    return back < this.#length ? (this.#steps[this.#at(back)] ?? NaN) : NaN;
  }

  calm(back: number): number {
    return back < this.#length ? (this.#calm[this.#at(back)] ?? NaN) : NaN;
  }

  smooth(back: number): number {
    return back < this.#length ? (this.#smooth[this.#at(back)] ?? NaN) : NaN;
  }

  noise(): number {
    if (this.#moves.size < 8) return NaN;
    return Math.max(this.#moveSpread() / Math.SQRT2, 1e-3 * Math.abs(this.#level), 1e-12);
  }

  persistence(): number {
    const middle = this.#moves.median();
    const move = this.#moveSpread();
    return persistenceOf(this, { skip: 1, count: Math.min(this.#length - 2, 2 * levelWindow), middle, move });
  }

  push(step: number, value: number): void {
    this.#takeIntoWindows();
    this.#measure();
    const calm = this.#tame(value);
    const before = this.smooth(0);
    this.#newest = this.#newest + 1 === recentCapacity ? 0 : this.#newest + 1;
    this.#steps[this.#newest] = step;
    this.#values[this.#newest] = value;
    this.#calm[this.#newest] = calm;
    if (this.#length < recentCapacity) this.#length += 1;
    this.#count += 1;
    this.#smooth[this.#newest] = this.#count === 1 ? calm : smoothed(before, calm, this.#count);
    if (this.#count <= startPoints) this.#start = this.smooth(0);
  }

  /** Drops every point at or above `step`; the statistics are those of the rest. */
  dropFrom(step: number): void {
    const before = this.#length;
    while (this.#length > 0 && this.step(0) >= step) {
      this.#newest = this.#newest === 0 ? recentCapacity - 1 : this.#newest - 1;
      this.#length -= 1;
      this.#count -= 1;
    }
    if (this.#length === before) return;
    if (this.#length === 0) this.#count = 0;
    if (this.#count <= startPoints) this.#start = this.smooth(0);
    this.#tamed = 0;
    this.#rebuild();
  }

  write(writer: ByteWriter): void {
    const oldest = this.#length - 1;
    // Of a ring that was emptied the place before the oldest still holds what stood there once.
    const smooth = oldest < 0 ? NaN : this.smooth(oldest);
    writer.u8(this.#length).f64(this.#count).f64(this.#start).f64(this.#tamed).f64(smooth);
    for (let back = oldest; back >= 0; back -= 1) {
      const [value, calm] = [this.value(back), this.calm(back)];
      writer.f64(this.step(back)).f64(value);
      if (Object.is(value, calm)) writer.u8(0);
      else writer.u8(1).f64(calm);
    }
  }

  static read(reader: ByteReader): RecentPoints {
    const recent = new RecentPoints();
    recent.#read(reader);
    return recent;
  }

  #read(reader: ByteReader): void {
    const length = Math.min(reader.u8(), recentCapacity);
    this.#count = reader.f64();
    this.#start = reader.f64();
    this.#tamed = reader.f64();
    let smooth = reader.f64();
    for (let i = 0; i < length; i += 1) {
      this.#steps[i] = reader.f64();
      const value = reader.f64();
      const calm = reader.u8() === 1 ? reader.f64() : value;
      if (i > 0) smooth = smoothed(smooth, calm, this.#count - length + 1 + i);
      this.#values[i] = value;
      this.#calm[i] = calm;
      this.#smooth[i] = smooth;
    }
    this.#newest = length - 1;
    this.#length = length;
    this.#rebuild();
  }

  /** The point that is the newest until now becomes part of what the next one is measured by. */
  #takeIntoWindows(): void {
    if (this.#length === 0) return;
    if (this.#levels.size < levelWindow) this.#levels.add(this.calm(0));
    else this.#levels.exchange(this.calm(levelWindow), this.calm(0));
    if (this.#length < 2) return;
    this.#move = NaN;
    if (this.#moves.size < levelWindow) this.#moves.add(this.#moveBefore(0));
    else this.#moves.exchange(this.#moveBefore(levelWindow), this.#moveBefore(0));
  }

  #measure(): void {
    if (this.#levels.size === 0) {
      this.#level = NaN;
      this.#spread = NaN;
      return;
    }
    // A zero's sign depends on the order in which zeros left the window.
    this.#level = this.#levels.median() + 0;
    const spread = 1.4826 * this.#levels.medianDistance(this.#level);
    this.#spread = Math.max(spread, 1e-3 * Math.abs(this.#level), 1e-12);
  }

  #tame(value: number): number {
    const most = tamedAt * this.#spread;
    const off = value - this.#level;
    if (this.#levels.size < fewestForTaming || Math.abs(off) <= most) {
      this.#tamed = 0;
      return value;
    }
    const side = Math.sign(off);
    this.#tamed = Math.sign(this.#tamed) === side ? this.#tamed + side : side;
    return Math.abs(this.#tamed) > tamedInARow ? value : this.#level + side * most;
  }

  #moveSpread(): number {
    if (Number.isNaN(this.#move)) this.#move = 1.4826 * this.#moves.medianDistance(this.#moves.median());
    return this.#move;
  }

  #rebuild(): void {
    this.#move = NaN;
    this.#levels.clear();
    this.#moves.clear();
    for (let back = Math.min(levelWindow, this.#length - 1); back >= 1; back -= 1) {
      this.#levels.add(this.calm(back));
    }
    for (let back = Math.min(levelWindow, this.#length - 2); back >= 1; back -= 1) {
      this.#moves.add(this.#moveBefore(back));
    }
    this.#measure();
  }

  #moveBefore(back: number): number {
    const move = this.value(back) - this.value(back + 1);
    return Math.min(Math.max(move, -Number.MAX_VALUE), Number.MAX_VALUE);
  }

  #at(back: number): number {
    const index = this.#newest - back;
    return index < 0 ? index + recentCapacity : index;
  }
}

function smoothed(before: number, calm: number, count: number): number {
  const weight = Math.max(alpha, 1 / count);
  return before * (1 - weight) + calm * weight;
}

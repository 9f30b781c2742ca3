import type { ByteReader } from "../../lib/byte-reader.js";
import type { ByteWriter } from "../../lib/byte-writer.js";
import { type AggregateNode, spanOf } from "./syntax.js";

/** Bytes of a window's memory: a count and three doubles a point. */
export const windowBytes = (capacity: number): number => 4 + 24 * capacity;

/** The newest finite points of one metric in the order read, at most `capacity`; 0 is the newest. */
export class MetricWindow {
  readonly capacity: number;
  #steps: Float64Array;
  #wallTimes: Float64Array;
  #values: Float64Array;
  /** Room so far: grows towards `capacity`, so that short series cost little. */
  #room: number;
  #newest = -1;
  #length = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#room = Math.min(capacity, 16);
    this.#steps = new Float64Array(this.#room);
    this.#wallTimes = new Float64Array(this.#room);
    this.#values = new Float64Array(this.#room);
  }

  get length(): number {
    return this.#length;
  }

  value(back: number): number {
    return this.#values[this.#at(back)] ?? NaN;
  }

  step(back: number): number {
    return this.#steps[this.#at(back)] ?? NaN;
  }

  wallTime(back: number): number {
    return this.#wallTimes[this.#at(back)] ?? NaN;
  }

  push(step: number, wallTime: number, value: number): void {
    if (this.#length === this.#room && this.#room < this.capacity) this.#grow();
    this.#newest = this.#newest + 1 === this.#room ? 0 : this.#newest + 1;
    this.#steps[this.#newest] = step;
    this.#wallTimes[this.#newest] = wallTime;
    this.#values[this.#newest] = value;
    if (this.#length < this.#room) this.#length += 1;
  }

  /** Drops every point at or above `step`; how many they were. */
  dropFrom(step: number): number {
    const before = this.#length;
    while (this.#length > 0 && this.step(0) >= step) {
      this.#newest = this.#newest === 0 ? this.#room - 1 : this.#newest - 1;
      this.#length -= 1;
    }
    return before - this.#length;
  }

  /** An aggregate over the points that end at `end`; NaN where there are too few. */
  aggregate(node: AggregateNode, end: number): number {
    if (end + spanOf(node) > this.#length) return NaN;
    const { window } = node;
    switch (node.name) {
      case "last":
        return this.value(end);
      case "min":
        return this.#fold(end, window, Math.min);
      case "max":
        return this.#fold(end, window, Math.max);
      case "mean":
        return this.#mean(end, window);
      case "median":
        return this.#median(end, window);
      case "std":
        return this.#deviation(end, window);
      case "slope":
        return this.#slope(end, window);
      case "change":
        return this.value(end) - this.value(end + window);
      case "relative_change": {
        const before = this.#mean(end + window, window);
        return (this.#mean(end, window) - before) / Math.abs(before);
      }
    }
  }

  write(writer: ByteWriter): void {
    writer.u32(this.#length);
    for (let back = this.#length - 1; back >= 0; back -= 1)
      writer.f64(this.step(back)).f64(this.wallTime(back)).f64(this.value(back));
  }

  read(reader: ByteReader): void {
    for (let left = reader.u32(); left > 0; left -= 1) {
      const step = reader.f64();
      const wallTime = reader.f64();
      this.push(step, wallTime, reader.f64());
    }
  }

  #at(back: number): number {
    const index = this.#newest - back;
    return index < 0 ? index + this.#room : index;
  }

  #fold(end: number, window: number, better: (one: number, other: number) => number): number {
    let best = this.value(end);
    for (let back = end + 1; back < end + window; back += 1) best = better(best, this.value(back));
    return best;
  }

  #mean(end: number, window: number): number {
    let sum = 0;
    for (let back = end + window - 1; back >= end; back -= 1) sum += this.value(back);
    return sum / window;
  }

  #median(end: number, window: number): number {
    const values = new Float64Array(window);
    for (let i = 0; i < window; i += 1) values[i] = this.value(end + i);
    values.sort();
    const upper = values[window >> 1] ?? NaN;
    return window % 2 === 1 ? upper : upper / 2 + (values[(window >> 1) - 1] ?? NaN) / 2;
  }

  /** Of the sample: the squares are divided by n − 1. */
  #deviation(end: number, window: number): number {
    const mean = this.#mean(end, window);
    let squares = 0;
    for (let back = end; back < end + window; back += 1) squares += (this.value(back) - mean) ** 2;
    return Math.sqrt(squares / (window - 1));
  }

  /** Least squares of value over step, in units a step; steps count from the newest so that large ones lose nothing. */
  #slope(end: number, window: number): number {
    const origin = this.step(end);
    let steps = 0;
    for (let back = end; back < end + window; back += 1) steps += this.step(back) - origin;
    const middle = steps / window;
    const mean = this.#mean(end, window);
    let together = 0;
    let squares = 0;
    for (let back = end; back < end + window; back += 1) {
      const off = this.step(back) - origin - middle;
      together += off * (this.value(back) - mean);
      squares += off * off;
    }
    return together / squares;
  }

  #grow(): void {
    const room = Math.min(this.capacity, this.#room * 4);
    const [steps, wallTimes, values] = [0, 1, 2].map(() => new Float64Array(room)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    for (let back = 0; back < this.#length; back += 1) {
      const at = this.#length - 1 - back;
      steps[at] = this.step(back);
      wallTimes[at] = this.wallTime(back);
      values[at] = this.value(back);
    }
    this.#steps = steps;
    this.#wallTimes = wallTimes;
    this.#values = values;
    this.#newest = this.#length - 1;
    this.#room = room;
  }
}

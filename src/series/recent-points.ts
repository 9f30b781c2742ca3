import type { ByteReader } from "../lib/byte-reader.js";
import type { ByteWriter } from "../lib/byte-writer.js";

/** How many finite points of a series the rules can look back on: 64 differences for the noise and a streak before them. */
export const recentCapacity = 96;

/** What rules read of a series' recent finite points; 0 is the newest, which is the point being judged when it is finite. */
export interface SeriesPast {
  readonly length: number;
  value(back: number): number;
  step(back: number): number;
}

/** The newest finite points of one series, in the order read, kept once for all rules; at most 16 bytes × 96. */
export class RecentPoints implements SeriesPast {
  readonly #steps = new Float64Array(recentCapacity);
  readonly #values = new Float64Array(recentCapacity);
  #newest = -1;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** NaN beyond the oldest point kept. */
  value(back: number): number {
    return back < this.#length ? (this.#values[this.#at(back)] ?? NaN) : NaN;
  }

  step(back: number): number {
    return back < this.#length ? (this.#steps[this.#at(back)] ?? NaN) : NaN;
  }

  push(step: number, value: number): void {
    this.#newest = this.#newest + 1 === recentCapacity ? 0 : this.#newest + 1;
    this.#steps[this.#newest] = step;
    this.#values[this.#newest] = value;
    if (this.#length < recentCapacity) this.#length += 1;
  }

  /** Drops every point at or above `step`. */
  dropFrom(step: number): void {
    while (this.#length > 0 && this.step(0) >= step) {
      this.#newest = this.#newest === 0 ? recentCapacity - 1 : this.#newest - 1;
      this.#length -= 1;
    }
  }

  write(writer: ByteWriter): void {
    writer.u8(this.#length);
    for (let back = this.#length - 1; back >= 0; back -= 1) writer.f64(this.step(back)).f64(this.value(back));
  }

  static read(reader: ByteReader): RecentPoints {
    const recent = new RecentPoints();
    for (let left = reader.u8(); left > 0; left -= 1) {
      const step = reader.f64();
      recent.push(step, reader.f64());
    }
    return recent;
  }

  #at(back: number): number {
    const index = this.#newest - back;
    return index < 0 ? index + recentCapacity : index;
  }
}

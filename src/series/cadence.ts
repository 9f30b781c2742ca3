import type { ByteReader } from "../lib/byte-reader.js";
import type { ByteWriter } from "../lib/byte-writer.js";

const capacity = 50;
const fewestGaps = 20;
/** Moments closer than this are one flush or one step's tags, not a gap. Seconds. */
const shortestGap = 1;

/** The pauses between a run's points: the last 50 gaps of at least a second, and the longest ever. Seconds. */
export class Cadence {
  readonly #gaps = new Float64Array(capacity);
  #count = 0;
  #longest = 0;

  take(gap: number): void {
    if (!(gap >= shortestGap)) return;
    this.#gaps[this.#count % capacity] = gap;
    this.#count += 1;
    this.#longest = Math.max(this.#longest, gap);
  }

  /** How long silence must last to be strange: max(floor, times · p95 of the last 50 gaps, 3 · longest gap); the floor alone before 20 gaps. */
  strangeSilence(floor: number, times: number): number {
    if (this.#count < fewestGaps) return floor;
    const least = Math.max(floor, 3 * this.#longest);
    if (times * this.#longest <= least) return least;
    const held = Math.min(this.#count, capacity);
    const sorted = this.#gaps.slice(0, held).sort();
    return Math.max(least, times * (sorted[Math.ceil(0.95 * held) - 1] ?? 0));
  }

  write(writer: ByteWriter): void {
    const held = Math.min(this.#count, capacity);
    writer.u32(this.#count).f64(this.#longest);
    for (let i = 0; i < held; i += 1) writer.f64(this.#gaps[i] ?? 0);
  }

  read(reader: ByteReader): void {
    this.#count = reader.u32();
    this.#longest = reader.f64();
    const held = Math.min(this.#count, capacity);
    for (let i = 0; i < held; i += 1) this.#gaps[i] = reader.f64();
  }
}

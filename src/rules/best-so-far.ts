import type { ByteReader } from "../lib/byte-reader.js";
import type { ByteWriter } from "../lib/byte-writer.js";

const mostRecords = 32;

/**
 * The highest finite value so far, with the steps at which it was raised: after a restart the best of what remains
 * is known. At most 32 records; the oldest but one goes, so that only the history far back becomes coarse.
 */
export class BestSoFar {
  readonly #steps: number[] = [];
  readonly #values: number[] = [];

  /** −Infinity before the first point. */
  get value(): number {
    return this.#values.at(-1) ?? -Infinity;
  }

  take(step: number, value: number): void {
    if (value <= this.value) return;
    this.#steps.push(step);
    this.#values.push(value);
    if (this.#steps.length <= mostRecords) return;
    this.#steps.splice(1, 1);
    this.#values.splice(1, 1);
  }

  dropFrom(step: number): void {
    while ((this.#steps.at(-1) ?? -Infinity) >= step) {
      this.#steps.pop();
      this.#values.pop();
    }
  }

  write(writer: ByteWriter): void {
    writer.u8(this.#steps.length);
    this.#steps.forEach((step, i) => writer.f64(step).f64(this.#values[i] ?? NaN));
  }

  read(reader: ByteReader): void {
    for (let left = reader.u8(); left > 0; left -= 1) {
      this.#steps.push(reader.f64());
      this.#values.push(reader.f64());
    }
  }
}

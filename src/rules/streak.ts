import type { ByteReader } from "../lib/byte-reader.js";
import type { ByteWriter } from "../lib/byte-writer.js";
import { noiseBefore } from "../series/noise.js";
import type { SeriesPast } from "../series/recent-points.js";

const cut = -1;

/** How many points in a row moved one way, and the noise measured before the streak; no streak crosses a non-finite value or a restart. */
export class Streak {
  /** Moves in a row up to the newest point; −1 where the next point has no neighbour to compare with. */
  #length = cut;
  #before = cut;
  #noise = NaN;

  get length(): number {
    return this.#length;
  }

  /** Noise before the streak, known from the move that made it `count` long; undefined with too few points. */
  get noise(): number | undefined {
    return Number.isNaN(this.#noise) ? undefined : this.#noise;
  }

  /** Takes the newest point of `past`; `count` is the length at which the noise before the streak is measured. */
  follow(direction: 1 | -1, past: SeriesPast, count: number): void {
    this.#before = this.#length;
    if (this.#length === cut) {
      this.#length = 0;
      return;
    }
    const moved = (past.value(0) - past.value(1)) * direction > 0;
    this.#length = moved ? this.#length + 1 : 0;
    if (this.#length === count) this.#noise = noiseBefore(past, count) ?? NaN;
  }

  /** The newest point was not finite. */
  interrupt(): void {
    this.#before = this.#length;
    this.#length = cut;
  }

  undo(): void {
    this.#length = this.#before;
  }

  restart(): void {
    this.#length = cut;
    this.#before = cut;
  }

  write(writer: ByteWriter): void {
    writer.f64(this.#length).f64(this.#before).f64(this.#noise);
  }

  read(reader: ByteReader): void {
    this.#length = reader.f64();
    this.#before = reader.f64();
    this.#noise = reader.f64();
  }
}

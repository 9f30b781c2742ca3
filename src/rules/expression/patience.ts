import type { ByteReader } from "../../lib/byte-reader.js";
import type { ByteWriter } from "../../lib/byte-writer.js";

/** How long a condition must hold, and be over: points in a row, or seconds from the first of them by wall time. */
export type Span =
  | { readonly kind: "points"; readonly points: number }
  | { readonly kind: "seconds"; readonly seconds: number };

/** Bytes of its memory. */
export const patienceBytes = 2 * (1 + 3 * 8);

interface Stretch {
  readonly holds: boolean | undefined;
  readonly points: number;
  readonly step: number;
  readonly wallTime: number;
}

const none: Stretch = { holds: undefined, points: 0, step: NaN, wallTime: NaN };

/** The stretch of points that agree on the condition, up to the newest; points that say nothing leave it as it is. */
export class Patience {
  readonly #span: Span;
  #stretch = none;
  #before = none;

  constructor(span: Span) {
    this.#span = span;
  }

  /** The step at which the stretch began. */
  get since(): number {
    return this.#stretch.step;
  }

  /** Takes the next judged point; whether the stretch is now long enough to count. */
  take(holds: boolean | undefined, step: number, wallTime: number): boolean {
    this.#before = this.#stretch;
    if (holds === undefined) return false;
    const { holds: held, points } = this.#stretch;
    this.#stretch =
      holds === held ? { ...this.#stretch, points: points + 1 } : { holds, points: 1, step, wallTime };
    return this.#span.kind === "points"
      ? this.#stretch.points >= this.#span.points
      : wallTime - this.#stretch.wallTime >= this.#span.seconds;
  }

  /** The newest judged point is taken back. */
  undo(): void {
    this.#stretch = this.#before;
  }

  /** No stretch crosses a restart; whether the one that ends held and had begun at or after `step`. */
  restart(step: number): boolean {
    const gone = this.#stretch.holds === true && this.#stretch.step >= step;
    this.#stretch = none;
    this.#before = none;
    return gone;
  }

  write(writer: ByteWriter): void {
    for (const { holds, points, step, wallTime } of [this.#stretch, this.#before]) {
      writer.u8(holds === undefined ? 2 : Number(holds)).f64(points);
      writer.f64(step).f64(wallTime);
    }
  }

  read(reader: ByteReader): void {
    this.#stretch = readStretch(reader);
    this.#before = readStretch(reader);
  }
}

function readStretch(reader: ByteReader): Stretch {
  const word = reader.u8();
  const [points, step, wallTime] = [reader.f64(), reader.f64(), reader.f64()];
  return { holds: word === 2 ? undefined : word === 1, points, step, wallTime };
}

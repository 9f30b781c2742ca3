import type { PointBatch } from "./point-batch.js";

/** Growable columns behind a `PointBatch`; a record's points can be taken back as long as it is not known to be whole. */
export class PointColumnsBuilder {
  length = 0;
  #tag: Int32Array<ArrayBuffer>;
  #step: Float64Array<ArrayBuffer>;
  #wallTime: Float64Array<ArrayBuffer>;
  #value: Float64Array<ArrayBuffer>;

  constructor(room = 64) {
    this.#tag = new Int32Array(room);
    this.#step = new Float64Array(room);
    this.#wallTime = new Float64Array(room);
    this.#value = new Float64Array(room);
  }

  // eslint-disable-next-line max-params -- called for every point: an object would cost more than the four stores
  push(tag: number, step: number, wallTime: number, value: number): void {
    const at = this.length;
    if (at === this.#tag.length) this.#grow();
    this.#tag[at] = tag;
    this.#step[at] = step;
    this.#wallTime[at] = wallTime;
    this.#value[at] = value;
    this.length = at + 1;
  }

  /** Forgets every point from `length` on. */
  rollBack(length: number): void {
    this.length = length;
  }

  /** The points so far; tags are renumbered to those that occur. The builder must not be used afterwards. */
  batch(names: readonly string[]): PointBatch {
    const { length } = this;
    const tags: string[] = [];
    const renumbered = new Int32Array(names.length).fill(-1);
    const tag = this.#tag;
    for (let index = 0; index < length; index += 1) {
      const ordinal = tag[index] ?? 0;
      let number = renumbered[ordinal] ?? -1;
      if (number < 0) {
        number = tags.length;
        renumbered[ordinal] = number;
        tags.push(names[ordinal] ?? "");
      }
      tag[index] = number;
    }
    return { length, tags, tag, step: this.#step, wallTime: this.#wallTime, value: this.#value };
  }

  #grow(): void {
    const room = this.#tag.length * 2;
    const tag = new Int32Array(room);
    tag.set(this.#tag);
    this.#tag = tag;
    this.#step = wider(this.#step, room);
    this.#wallTime = wider(this.#wallTime, room);
    this.#value = wider(this.#value, room);
  }
}

function wider(column: Float64Array, room: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(room);
  grown.set(column);
  return grown;
}

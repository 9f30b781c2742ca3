import type { PointBatch } from "./point-batch.js";

/** Below this room a backlog is likelier than a poll of a few points: fewer copies. */
const quickGrowth = 32_768;

/** Growable columns behind a `PointBatch`; a record's points can be taken back as long as it is not known to be whole. */
export class PointColumnsBuilder {
  length = 0;
  #room: number;
  #tag: Int32Array<ArrayBuffer>;
  /** Step, wall time and value, a column behind the other: one allocation instead of three. */
  #columns: Float64Array<ArrayBuffer>;

  constructor(room = 128) {
    this.#room = room;
    this.#tag = new Int32Array(room);
    this.#columns = new Float64Array(room * 3);
  }

  // eslint-disable-next-line max-params -- called for every point: an object would cost more than the four stores
  push(tag: number, step: number, wallTime: number, value: number): void {
    const at = this.length;
    if (at === this.#room) this.#grow();
    const room = this.#room;
    this.#tag[at] = tag;
    this.#columns[at] = step;
    this.#columns[at + room] = wallTime;
    this.#columns[at + 2 * room] = value;
    this.length = at + 1;
  }

  /** Forgets every point from `length` on. */
  rollBack(length: number): void {
    this.length = length;
  }

  /** The tags of the points from `start` on. */
  tagsSince(start: number): ReadonlySet<number> {
    return new Set(this.#tag.subarray(start, this.length));
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
    const column = (which: number): Float64Array =>
      this.#columns.subarray(which * this.#room, which * this.#room + length);
    return {
      length,
      tags,
      tag: tag.subarray(0, length),
      step: column(0),
      wallTime: column(1),
      value: column(2),
    };
  }

  #grow(): void {
    const room = this.#room * (this.#room < quickGrowth ? 4 : 2);
    const tag = new Int32Array(room);
    tag.set(this.#tag);
    const columns = new Float64Array(room * 3);
    for (let which = 0; which < 3; which += 1) {
      columns.set(this.#columns.subarray(which * this.#room, (which + 1) * this.#room), which * room);
    }
    this.#tag = tag;
    this.#columns = columns;
    this.#room = room;
  }
}

import type { PointColumns } from "./point.js";

/**
 * The points that stand after preemption (rule R11): a point takes away all earlier ones with a step at or above its
 * own. The result is strictly ascending in step; linear time, because every point leaves at most once.
 */
export function effectivePoints(columns: PointColumns): PointColumns {
  const series = new EffectiveSeries(columns.step.length);
  columns.step.forEach((step, index) => {
    series.push(step, columns.wallTime[index] ?? 0, columns.value[index] ?? 0);
  });
  return series.columns();
}

/** A series to which points are added as read, and which holds those that stand. */
export class EffectiveSeries {
  length = 0;
  #room: number;
  /** Step, wall time and value, a column behind the other: one allocation instead of three. */
  #columns: Float64Array<ArrayBuffer>;

  constructor(room = 64) {
    this.#room = room;
    this.#columns = new Float64Array(room * 3);
  }

  push(step: number, wallTime: number, value: number): void {
    let at = this.length;
    while (at > 0 && (this.#columns[at - 1] ?? 0) >= step) at -= 1;
    if (at === this.#room) this.#grow();
    const room = this.#room;
    this.#columns[at] = step;
    this.#columns[at + room] = wallTime;
    this.#columns[at + 2 * room] = value;
    this.length = at + 1;
  }

  /** A view, valid until the next point. */
  columns(): PointColumns {
    return { step: this.#column(0), wallTime: this.#column(1), value: this.#column(2) };
  }

  #column(which: number): Float64Array {
    return this.#columns.subarray(which * this.#room, which * this.#room + this.length);
  }

  #grow(): void {
    const room = Math.max(64, this.#room * 2);
    const columns = new Float64Array(room * 3);
    for (let which = 0; which < 3; which += 1) columns.set(this.#column(which), which * room);
    this.#columns = columns;
    this.#room = room;
  }
}

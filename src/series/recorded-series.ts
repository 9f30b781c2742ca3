import type { PointColumns } from "./point.js";

/** All points of a series in the order read, and which of them do not stand: 1 where a later point took one away. */
export interface RecordedColumns extends PointColumns {
  readonly takenAway: Uint8Array;
}

/** A series to which points are added as read, and which loses none of them. */
export class RecordedSeries {
  readonly #step: number[] = [];
  readonly #wallTime: number[] = [];
  readonly #value: number[] = [];

  get length(): number {
    return this.#step.length;
  }

  push(step: number, wallTime: number, value: number): void {
    this.#step.push(step);
    this.#wallTime.push(wallTime);
    this.#value.push(value);
  }

  columns(): RecordedColumns {
    const step = new Float64Array(this.#step);
    return {
      step,
      wallTime: new Float64Array(this.#wallTime),
      value: new Float64Array(this.#value),
      takenAway: takenAwayOf(step),
    };
  }
}

/** The points that preemption (rule R11) takes away, from the order read alone: those with a later one at or below their own step. */
function takenAwayOf(step: Float64Array): Uint8Array {
  const flags = new Uint8Array(step.length);
  let lowestLater = Infinity;
  for (let at = step.length - 1; at >= 0; at -= 1) {
    const here = step[at] ?? 0;
    if (here >= lowestLater) flags[at] = 1;
    else lowestLater = here;
  }
  return flags;
}

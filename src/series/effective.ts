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
  #step: Float64Array<ArrayBuffer>;
  #wallTime: Float64Array<ArrayBuffer>;
  #value: Float64Array<ArrayBuffer>;

  constructor(room = 16) {
    this.#step = new Float64Array(room);
    this.#wallTime = new Float64Array(room);
    this.#value = new Float64Array(room);
  }

  push(step: number, wallTime: number, value: number): void {
    let at = this.length;
    while (at > 0 && (this.#step[at - 1] ?? 0) >= step) at -= 1;
    if (at === this.#step.length) this.#grow();
    this.#step[at] = step;
    this.#wallTime[at] = wallTime;
    this.#value[at] = value;
    this.length = at + 1;
  }

  /** A view, valid until the next point. */
  columns(): PointColumns {
    return {
      step: this.#step.subarray(0, this.length),
      wallTime: this.#wallTime.subarray(0, this.length),
      value: this.#value.subarray(0, this.length),
    };
  }

  #grow(): void {
    const room = Math.max(16, this.#step.length * 2);
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

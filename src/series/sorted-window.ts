/** The newest values of a series in order of size, so that median and spread cost no sorting; what leaves is named by who adds. */
export class SortedWindow {
  readonly #values: Float64Array;
  #size = 0;

  constructor(capacity: number) {
    this.#values = new Float64Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  clear(): void {
    this.#size = 0;
  }

  /** Only with room left. */
  add(value: number): void {
    const at = this.#placeOf(value);
    this.#values.copyWithin(at + 1, at, this.#size);
    this.#values[at] = value;
    this.#size += 1;
  }

  /** Only of a value that was added. */
  remove(value: number): void {
    const at = this.#placeOf(value);
    this.#size -= 1;
    this.#values.copyWithin(at, at + 1, this.#size + 1);
  }

  /** NaN while empty. */
  median(): number {
    const half = this.#size >> 1;
    const upper = this.#values[half] ?? NaN;
    if (this.#size === 0) return NaN;
    return this.#size % 2 === 1 ? upper : upper / 2 + (this.#values[half - 1] ?? NaN) / 2;
  }

  /** `remove` and `add` in one: only what lies between the two places moves. */
  exchange(old: number, value: number): void {
    const values = this.#values;
    let at = this.#placeOf(old);
    const last = this.#size - 1;
    while (at < last && (values[at + 1] ?? NaN) < value) {
      values[at] = values[at + 1] ?? NaN;
      at += 1;
    }
    while (at > 0 && (values[at - 1] ?? NaN) >= value) {
      values[at] = values[at - 1] ?? NaN;
      at -= 1;
    }
    values[at] = value;
  }

  /**
   * The median distance from `centre` (of an even number the lower of the middle two): values below it and values above it are
   * each in order of distance, so that halving finds how many of the nearest half lie below.
   */
  medianDistance(centre: number): number {
    if (this.#size === 0) return NaN;
    const values = this.#values;
    const above = this.#placeOf(centre);
    const nearest = (this.#size + 1) >> 1;
    let low = Math.max(0, nearest - (this.#size - above));
    let high = Math.min(nearest, above);
    while (low < high) {
      const below = (low + high) >> 1;
      // One more from below is nearer than the last taken from above.
      const down = centre - (values[above - 1 - below] ?? NaN);
      const up = (values[above + nearest - 1 - below] ?? NaN) - centre;
      if (down < up) low = below + 1;
      else high = below;
    }
    const down = low === 0 ? -Infinity : centre - (values[above - low] ?? NaN);
    const up = low === nearest ? -Infinity : (values[above + nearest - 1 - low] ?? NaN) - centre;
    return Math.max(down, up);
  }

  /** Index of the first value that is not below. */
  #placeOf(value: number): number {
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#values[middle] ?? NaN) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

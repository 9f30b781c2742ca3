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

  /** The median distance from `centre` (of an even number the lower of the middle two): a walk outwards from it. */
  medianDistance(centre: number): number {
    let above = this.#placeOf(centre);
    let below = above - 1;
    let distance = NaN;
    for (let left = (this.#size + 1) >> 1; left > 0; left -= 1) {
      const down = below < 0 ? Infinity : centre - (this.#values[below] ?? NaN);
      const up = above >= this.#size ? Infinity : (this.#values[above] ?? NaN) - centre;
      if (down <= up) below -= 1;
      else above += 1;
      distance = down <= up ? down : up;
    }
    return distance;
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

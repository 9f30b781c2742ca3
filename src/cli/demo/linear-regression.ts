import { normal, uniform } from "./random.js";

/**
 * Least squares by stochastic gradient descent on correlated features. A rate above 2 / (largest eigenvalue of the
 * features' second moments), less with small batches, is a step too long: the loss grows by the same factor each time.
 */
export class LinearRegression {
  readonly #features: readonly Float64Array[];
  readonly #targets: Float64Array;
  readonly #weights: Float64Array;

  readonly #next: () => number;

  constructor(count: number, width: number, seed: number) {
    const next = uniform(seed);
    this.#next = next;
    const truth = Float64Array.from({ length: width }, () => normal(next));
    this.#features = Array.from({ length: count }, () => {
      const shared = normal(next);
      return Float64Array.from({ length: width }, () => 0.6 * shared + normal(next));
    });
    this.#targets = Float64Array.from(this.#features, (row) => dot(row, truth) + 0.3 * normal(next));
    this.#weights = new Float64Array(width);
  }

  /** One step on `batch` samples drawn at random; their mean squared error before it. */
  step(batch: number, rate: number): number {
    const gradient = new Float64Array(this.#weights.length);
    let loss = 0;
    for (let drawn = 0; drawn < batch; drawn += 1) {
      const index = Math.floor(this.#next() * this.#features.length);
      const row = this.#features[index] ?? new Float64Array();
      const error = dot(row, this.#weights) - (this.#targets[index] ?? 0);
      loss += error * error;
      for (let at = 0; at < row.length; at += 1)
        gradient[at] = (gradient[at] ?? 0) + 2 * error * (row[at] ?? 0);
    }
    for (let at = 0; at < gradient.length; at += 1) {
      this.#weights[at] = (this.#weights[at] ?? 0) - (rate * (gradient[at] ?? 0)) / batch;
    }
    return loss / batch;
  }
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}

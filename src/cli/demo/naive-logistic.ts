import { normal, uniform } from "./random.js";

/**
 * Binary logistic regression whose cross-entropy is written the careless way, without clipping. Its classes can be
 * told apart perfectly, so the weights grow until a probability is exactly 1 and 0 · log 0 makes the loss NaN.
 */
export class NaiveLogistic {
  readonly #features: readonly Float64Array[];
  readonly #labels: Float64Array;
  readonly #weights: Float64Array;

  constructor(count: number, width: number, seed: number) {
    const next = uniform(seed);
    this.#labels = Float64Array.from({ length: count }, () => (next() < 0.5 ? 0 : 1));
    this.#features = Array.from(this.#labels, (label) =>
      Float64Array.from({ length: width }, () => (2 * label - 1) * 1.2 + normal(next)),
    );
    this.#weights = new Float64Array(width);
  }

  /** One step on all samples; the loss before it. */
  step(rate: number): number {
    const gradient = new Float64Array(this.#weights.length);
    let loss = 0;
    for (const [index, row] of this.#features.entries()) {
      const label = this.#labels[index] ?? 0;
      const share =
        1 / (1 + Math.exp(-row.reduce((sum, value, at) => sum + value * (this.#weights[at] ?? 0), 0)));
      loss -= label * Math.log(share) + (1 - label) * Math.log(1 - share);
      for (let at = 0; at < row.length; at += 1)
        gradient[at] = (gradient[at] ?? 0) + (share - label) * (row[at] ?? 0);
    }
    const count = this.#features.length;
    for (let at = 0; at < gradient.length; at += 1) {
      this.#weights[at] = (this.#weights[at] ?? 0) - (rate * (gradient[at] ?? 0)) / count;
    }
    return loss / count;
  }
}

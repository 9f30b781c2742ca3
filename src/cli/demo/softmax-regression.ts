import type { Samples } from "./blobs.js";
import { uniform } from "./random.js";

export interface Scores {
  readonly loss: number;
  readonly accuracy: number;
}

/** Multinomial logistic regression, trained by stochastic gradient descent on minibatches. */
export class SoftmaxRegression {
  readonly #weights: readonly Float64Array[];
  readonly #next: () => number;

  constructor(width: number, classes: number, seed: number) {
    this.#next = uniform(seed);
    // One more weight a class: the bias.
    this.#weights = Array.from({ length: classes }, () => new Float64Array(width + 1));
  }

  /** One step on `batch` samples drawn at random; the scores of the batch before the step. */
  step(samples: Samples, batch: number, rate: number): Scores {
    const chosen = Array.from({ length: batch }, () => Math.floor(this.#next() * samples.labels.length));
    const gradient = this.#weights.map((weights) => new Float64Array(weights.length));
    const scores = this.#score(samples, chosen, gradient);
    for (const [label, weights] of this.#weights.entries()) {
      for (let at = 0; at < weights.length; at += 1) {
        weights[at] = (weights[at] ?? 0) - (rate * (gradient[label]?.[at] ?? 0)) / batch;
      }
    }
    return scores;
  }

  evaluate(samples: Samples): Scores {
    return this.#score(samples, [...samples.labels.keys()]);
  }

  #score(samples: Samples, chosen: readonly number[], gradient?: readonly Float64Array[]): Scores {
    let loss = 0;
    let right = 0;
    for (const index of chosen) {
      const features = samples.features[index] ?? new Float64Array();
      const label = samples.labels[index] ?? 0;
      const shares = softmax(this.#weights.map((weights) => logit(weights, features)));
      loss -= Math.log(Math.max(shares[label] ?? 0, Number.MIN_VALUE));
      if (shares.indexOf(Math.max(...shares)) === label) right += 1;
      gradient?.forEach((row, kind) => push(row, features, (shares[kind] ?? 0) - (kind === label ? 1 : 0)));
    }
    return { loss: loss / chosen.length, accuracy: right / chosen.length };
  }
}

function logit(weights: Float64Array, features: Float64Array): number {
  let sum = weights[features.length] ?? 0;
  for (let at = 0; at < features.length; at += 1) sum += (weights[at] ?? 0) * (features[at] ?? 0);
  return sum;
}

function softmax(logits: readonly number[]): readonly number[] {
  const top = Math.max(...logits);
  const powers = logits.map((value) => Math.exp(value - top));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

function push(row: Float64Array, features: Float64Array, error: number): void {
  for (let at = 0; at < features.length; at += 1) row[at] = (row[at] ?? 0) + error * (features[at] ?? 0);
  row[features.length] = (row[features.length] ?? 0) + error;
}

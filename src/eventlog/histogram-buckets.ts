import type { HistogramSummary } from "./histogram-summary.js";

/** Buckets of one histogram that are looked at; no writer makes nearly as many. */
export const mostBuckets = 10_000;

/** What a writer says of the values beside the buckets. */
export interface StatedSums {
  readonly min: number;
  readonly max: number;
  readonly count: number;
  readonly sum: number;
  readonly sumSquares: number;
}

/** Sums up buckets as they come, from the lowest to the highest; within a bucket values are taken as evenly spread. */
export class HistogramBuckets {
  #count = 0;
  #sum = 0;
  #squares = 0;
  #belowZero = 0;
  #aroundZero = 0;
  #lowest = Infinity;
  #highest = -Infinity;
  #odd = 0;

  add(left: number, right: number, count: number): void {
    if (count === 0) return;
    if (!(count > 0 && count < Infinity)) {
      this.#note(count);
      return;
    }
    this.#note(left);
    this.#note(right);
    this.#count += count;
    this.#sum += count * (left / 2 + right / 2);
    this.#squares += (count * (left * left + left * right + right * right)) / 3;
    if (left <= 0) this.#belowZero += count;
    if (left <= 0 && right >= 0) this.#aroundZero += count;
    this.#lowest = Math.min(this.#lowest, left);
    this.#highest = Math.max(this.#highest, right);
  }

  /** Undefined where nothing was counted; what the writer states goes before what the buckets tell. */
  summary(stated?: StatedSums): HistogramSummary | undefined {
    for (const number of [stated?.min, stated?.max, stated?.sum, stated?.sumSquares, stated?.count]) {
      if (number !== undefined) this.#note(number);
    }
    const total = stated !== undefined && stated.count > 0 ? stated.count : this.#count;
    if (!(total > 0) && this.#odd === 0) return undefined;
    // Some writers fill in the buckets only: then 0 and 0 are no limits.
    const isSilent = stated !== undefined && stated.min === 0 && stated.max === 0;
    const hasLimits = stated !== undefined && (!isSilent || this.#aroundZero === this.#count);
    const limits = hasLimits ? stated : { min: this.#lowest, max: this.#highest };
    const hasSums =
      stated !== undefined && (stated.sum !== 0 || stated.sumSquares !== 0 || (hasLimits && isSilent));
    const sums = hasSums ? stated : { sum: this.#sum, sumSquares: this.#squares };
    return {
      count: total,
      min: limits.min,
      max: limits.max,
      sum: sums.sum,
      sumSquares: sums.sumSquares,
      zeroShare: this.#count === 0 ? 0 : this.#belowZero / this.#count,
      ...(this.#odd === 0 ? {} : { nonFinite: this.#odd }),
    };
  }

  /** Keeps the first number that is not finite. */
  #note(number: number): void {
    if (this.#odd !== 0 || Number.isFinite(number)) return;
    this.#odd = number;
  }
}

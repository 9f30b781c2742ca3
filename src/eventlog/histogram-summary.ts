/** What rules need of one histogram; its buckets are not kept. */
export interface HistogramSummary {
  /** Values counted; above 0 unless `nonFinite` is set. */
  readonly count: number;
  readonly min: number;
  readonly max: number;
  /** As the writer gives them; estimated from the buckets where it gives none. */
  readonly sum: number;
  readonly sumSquares: number;
  /** Share of the values in buckets that begin at or below 0: what is negative, zero, or in zero's own bucket. */
  readonly zeroShare: number;
  /** A limit, count or sum that is no finite number, where there is one. */
  readonly nonFinite?: number;
}

/** The largest size of a value: max |limit|. */
export function largestSize({ min, max }: HistogramSummary): number {
  return Math.max(Math.abs(min), Math.abs(max));
}

/** Mean square less squared mean, never below 0. */
export function varianceOf({ count, sum, sumSquares }: HistogramSummary): number {
  const mean = sum / count;
  return Math.max(0, sumSquares / count - mean * mean);
}

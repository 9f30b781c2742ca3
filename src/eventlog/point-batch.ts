/**
 * Scalars in columns, in the order read: point i belongs to `tags[tag[i]]`.
 * Columns because a backlog holds millions of points and an object each would cost more than decoding them.
 * Only the first `length` entries of each column count. Wall time in seconds by the writer's clock; never NaN.
 */
export interface PointBatch {
  readonly length: number;
  readonly tags: readonly string[];
  readonly tag: Int32Array;
  readonly step: Float64Array;
  readonly wallTime: Float64Array;
  readonly value: Float64Array;
}

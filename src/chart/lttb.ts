/** The curve to thin out: `x` ascending, both finite where they shall count. */
export interface Curve {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * Largest-Triangle-Three-Buckets (Sveinn Steinarsson, 2013): ascending indexes of at most `count` points that keep the shape.
 * Points with a non-finite coordinate are passed over; of the others the first and last are always kept.
 */
export function lttb(curve: Curve, count: number): Uint32Array {
  const finite = finiteIndexes(curve);
  if (finite.length <= count) return finite;
  const chosen = new Uint32Array(Math.max(2, Math.floor(count)));
  const inner = chosen.length - 2;
  const width = (finite.length - 2) / Math.max(1, inner);
  chosen[0] = finite[0] ?? 0;
  for (let bucket = 0; bucket < inner; bucket += 1) {
    const from = 1 + Math.floor(bucket * width);
    const to = 1 + Math.floor((bucket + 1) * width);
    const after = Math.min(finite.length, 1 + Math.floor((bucket + 2) * width));
    const anchor = middle(curve, finite.subarray(to, Math.max(to + 1, after)));
    chosen[bucket + 1] = farthest(curve, finite.subarray(from, to), { before: chosen[bucket] ?? 0, anchor });
  }
  chosen[chosen.length - 1] = finite.at(-1) ?? 0;
  return chosen;
}

function finiteIndexes({ x, y }: Curve): Uint32Array {
  const found = new Uint32Array(x.length);
  let length = 0;
  for (let index = 0; index < x.length; index += 1) {
    if (Number.isFinite(x[index]) && Number.isFinite(y[index])) {
      found[length] = index;
      length += 1;
    }
  }
  return found.subarray(0, length);
}

interface Spot {
  readonly x: number;
  readonly y: number;
}

function middle(curve: Curve, indexes: Uint32Array): Spot {
  let x = 0;
  let y = 0;
  for (const index of indexes) {
    x += (curve.x[index] ?? 0) / indexes.length;
    y += (curve.y[index] ?? 0) / indexes.length;
  }
  return { x, y };
}

/** Doubled triangle areas compare like areas; halves keep 1e308 from overflowing to equal infinities. */
function farthest(curve: Curve, indexes: Uint32Array, corners: { before: number; anchor: Spot }): number {
  const ax = curve.x[corners.before] ?? 0;
  const ay = curve.y[corners.before] ?? 0;
  const dx = corners.anchor.x - ax;
  const dy = corners.anchor.y / 2 - ay / 2;
  let best = indexes[0] ?? 0;
  let largest = -1;
  for (const index of indexes) {
    const area = Math.abs(dx * ((curve.y[index] ?? 0) / 2 - ay / 2) - ((curve.x[index] ?? 0) - ax) * dy);
    if (area > largest) {
      largest = area;
      best = index;
    }
  }
  return best;
}

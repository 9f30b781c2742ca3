import type { PointColumns } from "./point.js";

/** Step, wall time and value as little-endian doubles. */
export const bytesPerPoint = 24;

/** Packs points, point after point, so that chunks can be appended to one another. */
export function packPoints(points: PointColumns, from = 0, to = points.step.length): Buffer {
  const packed = Buffer.allocUnsafeSlow((to - from) * bytesPerPoint);
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  for (let i = from, at = 0; i < to; i += 1, at += bytesPerPoint) {
    view.setFloat64(at, points.step[i] ?? NaN, true);
    view.setFloat64(at + 8, points.wallTime[i] ?? NaN, true);
    view.setFloat64(at + 16, points.value[i] ?? NaN, true);
  }
  return packed;
}

/** Reads packed points at any alignment; a rest shorter than a point is ignored. */
export function unpackPoints(bytes: Uint8Array): PointColumns {
  const count = Math.floor(bytes.byteLength / bytesPerPoint);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const step = new Float64Array(count);
  const wallTime = new Float64Array(count);
  const value = new Float64Array(count);
  for (let i = 0, at = 0; i < count; i += 1, at += bytesPerPoint) {
    step[i] = view.getFloat64(at, true);
    wallTime[i] = view.getFloat64(at + 8, true);
    value[i] = view.getFloat64(at + 16, true);
  }
  return { step, wallTime, value };
}

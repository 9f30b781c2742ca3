import { HistogramBuckets, mostBuckets } from "./histogram-buckets.js";
import type { HistogramSummary } from "./histogram-summary.js";
import type { WireBytes } from "./wire.js";

/** HistogramProto (TF1, PyTorch, tensorboardX) as it stands on the wire; undefined where it is odd or counts nothing. */
export function scanHistogramProto(
  wire: WireBytes,
  start: number,
  end: number,
): HistogramSummary | undefined {
  const { bytes, view } = wire;
  const stated = [0, 0, 0, 0, 0, 0];
  limits.length = 0;
  counts.length = 0;
  wire.at = start;
  while (wire.at < end) {
    const key = bytes[wire.at++] ?? 0;
    const field = key >> 3;
    if (field < 1 || field > 7) return undefined;
    const list = field === 6 ? limits : counts;
    let stop = wire.at + 8;
    if (field > 5 && (key & 7) === 2) {
      const length = wire.varint();
      stop = wire.at + length;
      if (length < 0 || length % 8 !== 0) return undefined;
    } else if ((key & 7) !== 1) return undefined;
    if (stop > end || list.length + (stop - wire.at) / 8 > mostBuckets) return undefined;
    if (field < 6) stated[field] = view.getFloat64(wire.at, true);
    else for (let at = wire.at; at < stop; at += 8) list.push(view.getFloat64(at, true));
    wire.at = stop;
  }
  if (wire.at !== end || limits.length !== counts.length) return undefined;
  return ofLimits(stated);
}

/** Reused from histogram to histogram. */
const limits: number[] = [];
const counts: number[] = [];

/** Buckets reach from limit to limit; the first begins at the minimum and the last ends at the maximum, as TensorBoard draws them. */
function ofLimits(stated: readonly number[]): HistogramSummary | undefined {
  const [, min = 0, max = 0, count = 0, sum = 0, sumSquares = 0] = stated;
  const hasLimits = min !== 0 || max !== 0;
  const buckets = new HistogramBuckets();
  counts.forEach((counted, index) => {
    const limit = limits[index] ?? 0;
    const left = limits[index - 1] ?? (hasLimits ? Math.min(min, limit) : Math.min(limit, 0));
    const right = hasLimits && index === counts.length - 1 ? Math.max(left, Math.min(max, limit)) : limit;
    buckets.add(left, right, counted);
  });
  return buckets.summary({ min, max, count, sum, sumSquares });
}

/**
 * A tensor [buckets, 3] of left, right, count (plugin `histograms`, TF2) of the plain kind: float or double, in its
 * content. `odd` is for protobufjs to judge.
 */
export function scanHistogramTensor(
  wire: WireBytes,
  start: number,
  end: number,
): HistogramSummary | "odd" | undefined {
  const { bytes } = wire;
  let type = 0;
  let rows = -1;
  let content = -1;
  let contentBytes = 0;
  wire.at = start;
  while (wire.at < end) {
    const key = bytes[wire.at++] ?? 0;
    const length = wire.varint();
    if (length < 0) return "odd";
    if (key === 0x08) {
      type = length;
      continue;
    }
    const stop = wire.at + length;
    if (stop > end) return "odd";
    if (key === 0x12 && rows < 0) {
      rows = rowsOf(wire, stop);
      if (rows < 0) return "odd";
    } else if (key === 0x22 && content < 0) {
      content = wire.at;
      contentBytes = length;
    } else return "odd";
    wire.at = stop;
  }
  if (wire.at !== end || rows < 0 || content < 0 || (type !== 1 && type !== 2)) return "odd";
  if (contentBytes !== rows * 3 * (type === 1 ? 4 : 8)) return undefined;
  const { view } = wire;
  return summaryOfRows(rows, (index) =>
    type === 1 ? view.getFloat32(content + index * 4, true) : view.getFloat64(content + index * 8, true),
  );
}

/** The first dimension of a shape [rows, 3]; −1 for every other shape. */
function rowsOf(wire: WireBytes, end: number): number {
  let rows = -1;
  for (let dimension = 0; dimension < 2; dimension += 1) {
    if (wire.bytes[wire.at++] !== 0x12) return -1;
    const length = wire.varint();
    const stop = wire.at + length;
    if (length < 2 || stop > end || wire.bytes[wire.at++] !== 0x08) return -1;
    const size = wire.varint();
    if (size < 0 || wire.at !== stop || (dimension === 1 && size !== 3)) return -1;
    if (dimension === 0) rows = size;
  }
  return wire.at === end ? rows : -1;
}

/** Rows of left, right, count, one number behind the other; undefined where there are too many or nothing is counted. */
export function summaryOfRows(rows: number, number: (index: number) => number): HistogramSummary | undefined {
  if (rows > mostBuckets) return undefined;
  const buckets = new HistogramBuckets();
  // The plugin's first version told one value alone as one bucket of width 1 around it.
  const isOneValue = rows === 1 && number(1) - number(0) === 1;
  for (let row = 0; row < rows; row += 1) {
    const [left, right] = [number(row * 3), number(row * 3 + 1)];
    const middle = (left + right) / 2;
    buckets.add(isOneValue ? middle : left, isOneValue ? middle : right, number(row * 3 + 2));
  }
  return buckets.summary();
}

import { fieldsOf, itemsOf, numberOf } from "./event-schema.js";
import type { HistogramSummary } from "./histogram-summary.js";
import { mostBuckets } from "./histogram-buckets.js";
import { summaryOfRows } from "./scan-histogram.js";

/** The same of a tensor as protobufjs reads it: content or typed field, float or double; undefined for every other tensor. */
export function tensorHistogram(message: unknown): HistogramSummary | undefined {
  const tensor = fieldsOf(message);
  const type = numberOf(tensor["dtype"]);
  const dims = itemsOf(fieldsOf(tensor["shape"])["dims"]).map((dim) => numberOf(fieldsOf(dim)["size"]));
  const [rows = -1, columns] = dims;
  if ((type !== 1 && type !== 2) || dims.length !== 2 || columns !== 3) return undefined;
  if (rows < 0 || rows > mostBuckets) return undefined;
  const size = type === 1 ? 4 : 8;
  const { content } = tensor;
  if (content instanceof Uint8Array && content.length > 0) {
    if (content.length !== rows * 3 * size) return undefined;
    const view = new DataView(content.buffer, content.byteOffset, content.length);
    return summaryOfRows(rows, (index) =>
      type === 1 ? view.getFloat32(index * 4, true) : view.getFloat64(index * 8, true),
    );
  }
  const items = itemsOf(tensor[type === 1 ? "floats" : "doubles"]);
  return items.length === rows * 3 ? summaryOfRows(rows, (index) => numberOf(items[index])) : undefined;
}

import type { PointBatch } from "../eventlog/point-batch.js";
import type { PointColumns } from "../series/point.js";

/** A batch by tag, in the order of first appearance; within a tag in the order read. */
export function gatherPoints(
  batch: PointBatch,
): readonly { readonly tag: string; readonly columns: PointColumns }[] {
  const counts = new Int32Array(batch.tags.length);
  for (let i = 0; i < batch.length; i += 1) {
    const tag = batch.tag[i] ?? 0;
    counts[tag] = (counts[tag] ?? 0) + 1;
  }
  const columns = batch.tags.map((_tag, index) => {
    const count = counts[index] ?? 0;
    return {
      step: new Float64Array(count),
      wallTime: new Float64Array(count),
      value: new Float64Array(count),
      at: 0,
    };
  });
  for (let i = 0; i < batch.length; i += 1) {
    const column = columns[batch.tag[i] ?? 0];
    if (column === undefined) continue;
    column.step[column.at] = batch.step[i] ?? 0;
    column.wallTime[column.at] = batch.wallTime[i] ?? 0;
    column.value[column.at] = batch.value[i] ?? 0;
    column.at += 1;
  }
  return columns.flatMap(({ step, wallTime, value, at }, index) =>
    at === 0 ? [] : [{ tag: batch.tags[index] ?? "", columns: { step, wallTime, value } }],
  );
}

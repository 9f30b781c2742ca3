import type { SeriesFacts } from "../alerts/run-facts.js";
import type { PointColumns } from "../series/point.js";
import type { SeriesKey } from "../series/run.js";

/** What lists show of a series after these points, which follow those before. */
export function advanceSeries(
  before: SeriesFacts | undefined,
  {
    key,
    logRun,
    columns,
  }: {
    key: SeriesKey;
    logRun: string;
    columns: PointColumns;
  },
): SeriesFacts {
  let min = before?.min ?? Number.NaN;
  let max = before?.max ?? Number.NaN;
  let nonFinite = before?.nonFinite ?? 0;
  for (const value of columns.value) {
    if (!Number.isFinite(value)) nonFinite += 1;
    else {
      min = Number.isNaN(min) ? value : Math.min(min, value);
      max = Number.isNaN(max) ? value : Math.max(max, value);
    }
  }
  const at = columns.step.length - 1;
  return {
    key,
    logRun,
    points: (before?.points ?? 0) + columns.step.length,
    last: { step: columns.step[at] ?? 0, wallTime: columns.wallTime[at] ?? 0, value: columns.value[at] ?? 0 },
    min,
    max,
    nonFinite,
  };
}

import type { Direction, SeriesLabels } from "../series/labels.js";
import type { Point, PointColumns } from "../series/point.js";

/** One series of a run under the gate: the points that stand, strictly ascending in step. */
export interface GateSeries {
  readonly labels: SeriesLabels;
  readonly columns: PointColumns;
}

export function lastPoint({ step, wallTime, value }: PointColumns): Point | undefined {
  const at = step.length - 1;
  return at < 0 ? undefined : { step: step[at] ?? 0, wallTime: wallTime[at] ?? 0, value: value[at] ?? 0 };
}

/** The first of the best finite points. */
export function bestPoint(
  { step, wallTime, value }: PointColumns,
  direction: Exclude<Direction, "unknown">,
): Point | undefined {
  let best = -1;
  for (let i = 0; i < value.length; i += 1) {
    const candidate = value[i] ?? Number.NaN;
    if (!Number.isFinite(candidate)) continue;
    const record = value[best] ?? Number.NaN;
    if (best < 0 || (direction === "lower" ? candidate < record : candidate > record)) best = i;
  }
  if (best < 0) return undefined;
  return { step: step[best] ?? 0, wallTime: wallTime[best] ?? 0, value: value[best] ?? 0 };
}

/** The first point whose value `fits`. */
export function firstPoint(
  { step, wallTime, value }: PointColumns,
  fits: (value: number) => boolean,
): Point | undefined {
  const at = value.findIndex(fits);
  return at < 0 ? undefined : { step: step[at] ?? 0, wallTime: wallTime[at] ?? 0, value: value[at] ?? 0 };
}

/** A series' name as it stands in sentences. */
export function seriesName({ split, tag }: Pick<SeriesLabels, "split" | "tag">): string {
  return split === "" ? tag : `${tag} (${split})`;
}

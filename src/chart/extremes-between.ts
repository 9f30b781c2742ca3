import type { PointColumns } from "../series/point.js";
import { lowerBound } from "./thin-line.js";

/** Smallest and largest finite value at steps from `from` to `to`, both included; undefined where there is none. Steps ascend. */
export function extremesBetween(
  { step, value }: Pick<PointColumns, "step" | "value">,
  { from, to }: { readonly from: number; readonly to: number },
): { readonly min: Spot; readonly max: Spot } | undefined {
  let min: Spot | undefined;
  let max: Spot | undefined;
  for (
    let index = lowerBound(step, from);
    index < step.length && (step[index] ?? Infinity) <= to;
    index += 1
  ) {
    const spot = { step: step[index] ?? 0, value: value[index] ?? Number.NaN };
    if (!Number.isFinite(spot.value)) continue;
    if (min === undefined || spot.value < min.value) min = spot;
    if (max === undefined || spot.value > max.value) max = spot;
  }
  return min === undefined || max === undefined ? undefined : { min, max };
}

interface Spot {
  readonly step: number;
  readonly value: number;
}

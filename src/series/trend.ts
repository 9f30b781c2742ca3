import { medianInPlace } from "./median.js";
import type { SeriesPast } from "./recent-points.js";

const most = 64;
const scratch = new Float64Array(most);

/** Mann–Kendall's Z of up to the last 128 points, every other one where there are more than 64: far below 0 the series falls, far above it rises, whatever its scale and the shape of its noise. */
export function trendOf(past: SeriesPast): number {
  const apart = past.length >= 2 * most ? 2 : 1;
  const n = Math.min(most, past.length);
  if (n < 2) return 0;
  let sum = 0;
  for (let back = 0; back < n - 1; back += 1) {
    const value = past.value(back * apart);
    for (let earlier = back + 1; earlier < n; earlier += 1)
      sum += Math.sign(value - past.value(earlier * apart));
  }
  return sum / Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
}

/** The robust line through up to 64 points before the newest: its value at the newest, and 1.4826 · the median distance from it. */
export function lineBefore(past: SeriesPast): { readonly end: number; readonly spread: number } {
  const n = Math.min(most, past.length - 1);
  const half = n >> 1;
  for (let i = 0; i < half; i += 1) scratch[i] = (past.calm(i + 1) - past.calm(i + 1 + half)) / half;
  const slope = half === 0 ? 0 : medianInPlace(scratch, half);
  for (let i = 0; i < n; i += 1) scratch[i] = past.calm(i + 1) + slope * (i + 1);
  const end = medianInPlace(scratch, n);
  for (let i = 0; i < n; i += 1) scratch[i] = Math.abs(past.calm(i + 1) + slope * (i + 1) - end);
  return { end, spread: 1.4826 * medianInPlace(scratch, n) };
}

import type { SeriesPast } from "./recent-points.js";

const most = 64;

/** Mann–Kendall's Z of up to the last 64 points: far below 0 the series falls, far above it rises, whatever its scale and the shape of its noise. */
export function trendOf(past: SeriesPast): number {
  const n = Math.min(most, past.length);
  if (n < 2) return 0;
  let sum = 0;
  for (let back = 0; back < n - 1; back += 1) {
    const value = past.value(back);
    for (let earlier = back + 1; earlier < n; earlier += 1) sum += Math.sign(value - past.value(earlier));
  }
  return sum / Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
}

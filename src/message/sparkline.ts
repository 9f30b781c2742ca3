const bars = "▁▂▃▄▅▆▇█";

/** A curve as one line of block characters, at most `width` of them; where a stretch holds NaN or an infinity it shows `×`. Empty where nothing is finite. */
export function sparkline(values: Float64Array, width = 24): string {
  const finite = values.filter((value) => Number.isFinite(value));
  if (finite.length === 0) return "";
  const [low, high] = finite.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  );
  const count = Math.min(width, values.length);
  return Array.from({ length: count }, (_bar, at) => {
    const from = Math.floor((at * values.length) / count);
    const part = values.slice(from, Math.max(from + 1, Math.floor(((at + 1) * values.length) / count)));
    if (part.some((value) => !Number.isFinite(value))) return "×";
    const mean = part.reduce((sum, value) => sum + value / part.length, 0);
    const level = high > low ? (mean - low) / (high - low) : 0;
    return bars[Math.min(bars.length - 1, Math.floor(level * bars.length))] ?? "";
  }).join("");
}

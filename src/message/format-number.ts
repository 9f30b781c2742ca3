/** A metric's value as people write it: at most six significant digits, `1.23e-5` where zeros would drown it, `NaN`, `∞`. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (Number.isInteger(value) && size < 1e9) return String(value);
  const rounded = Number(value.toPrecision(6));
  return Math.abs(rounded) >= 1e-4 && Math.abs(rounded) < 1e7 ? String(rounded) : exponential(rounded);
}

/** A difference with its sign and three significant digits: `+0.384`, `-0.02`, `+12346`. */
export function formatChange(value: number): string {
  const shown = Number.isFinite(value) ? Number(value.toPrecision(Math.abs(value) < 1_000 ? 3 : 6)) : value;
  return value > 0 ? `+${formatNumber(shown)}` : formatNumber(shown);
}

/** Whole numbers (steps, points, runs) with digits in threes: `12,400`. */
export function formatCount(value: number): string {
  if (!Number.isFinite(value)) return formatNumber(value);
  const digits = Math.abs(Math.round(value)).toFixed(0);
  if (digits.includes("e")) return formatNumber(value);
  const grouped = digits.replaceAll(/\B(?=(\d{3})+$)/g, ",");
  return Math.round(value) < 0 ? `-${grouped}` : grouped;
}

function exponential(value: number): string {
  const [mantissa = "0", exponent = "0"] = value.toExponential().split("e");
  return `${mantissa}e${exponent.replace("+", "")}`;
}

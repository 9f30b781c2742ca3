/** A mark on an axis: where (in axis units) and what is written there. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** Ticks at 1, 2 or 5 times a power of ten, about `count` of them, all labelled with the same number of decimals. */
export function linearTicks(from: number, to: number, count: number): readonly Tick[] {
  const gap = niceGap((to - from) / Math.max(1, count));
  return multiples(from, to, gap).map((at) => ({
    at,
    label: valueLabel(at, gap, Math.max(Math.abs(from), Math.abs(to))),
  }));
}

/** Ticks at whole steps, written `2,000`, `12k`, `1.5M`. */
export function stepTicks(from: number, to: number, count: number): readonly Tick[] {
  const gap = Math.max(1, niceGap((to - from) / Math.max(1, count)));
  return multiples(from, to, gap).map((at) => ({
    at,
    label: stepLabel(at, gap, Math.max(Math.abs(from), Math.abs(to))),
  }));
}

/** `from` and `to` are powers of ten; ticks at whole decades, or at 1, 2 and 5 where there are few. */
export function logTicks(from: number, to: number, count: number): readonly Tick[] {
  const decades = Math.floor(to) - Math.ceil(from) + 1;
  const stride = Math.max(1, Math.ceil(decades / Math.max(1, count)));
  const digits = decades <= 2 ? [1, 2, 5] : [1];
  const ticks: Tick[] = [];
  for (let power = Math.floor(from); power <= Math.ceil(to); power += 1) {
    if (power % stride !== 0) continue;
    for (const digit of digits) {
      const at = power + Math.log10(digit);
      if (at >= from && at <= to) ticks.push({ at, label: decadeLabel(digit, power) });
    }
  }
  return ticks;
}

function niceGap(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  const leading = raw / power;
  return power * (leading <= 1.2 ? 1 : leading <= 2.8 ? 2 : leading <= 6 ? 5 : 10);
}

function multiples(from: number, to: number, gap: number): readonly number[] {
  if (!(gap > 0) || !Number.isFinite(gap)) return [];
  const found: number[] = [];
  for (
    let index = Math.ceil(from / gap - 1e-9);
    index * gap <= to + gap * 1e-9 && found.length < 50;
    index += 1
  ) {
    found.push(index === 0 ? 0 : index * gap);
  }
  return found;
}

function valueLabel(value: number, gap: number, largest: number): string {
  if (value === 0) return "0";
  if (largest >= 1e7 || largest < 1e-3) return exponent(value, gap, largest);
  if (largest >= 1e4) return stepLabel(value, gap, largest);
  return value.toFixed(decimalsOf(gap));
}

function stepLabel(value: number, gap: number, largest: number): string {
  if (value === 0) return "0";
  if (largest >= 1e16) return exponent(value, gap, largest);
  const [size, letter] = stepUnits.find(
    ([unit]) => largest >= unit * 10 || (unit >= 1e6 && largest >= unit),
  ) ?? [1, ""];
  const decimals = decimalsOf(gap / size);
  if (letter !== "" && decimals <= 2) return `${(value / size).toFixed(decimals)}${letter}`;
  return Math.abs(value) < 1e4 && largest < 1e4 ? grouped(value, decimalsOf(gap)) : grouped(value, 0);
}

const stepUnits: readonly (readonly [number, string])[] = [
  [1e12, "T"],
  [1e9, "B"],
  [1e6, "M"],
  [1e3, "k"],
];

function grouped(value: number, decimals: number): string {
  const [whole = "0", part] = value.toFixed(decimals).split(".");
  const threes = whole.replaceAll(/\B(?=(\d{3})+$)/g, ",");
  return part === undefined ? threes : `${threes}.${part}`;
}

/** All ticks of an axis share the largest one's power, so that they compare at a glance: `0.95e-4`, `1.00e-4`. */
function exponent(value: number, gap: number, largest: number): string {
  const power = Math.floor(Math.log10(largest) + 1e-9);
  const digits = Math.min(8, Math.max(0, power - Math.floor(Math.log10(gap) + 1e-9)));
  return `${(value / 10 ** Math.ceil(power / 2) / 10 ** (power - Math.ceil(power / 2))).toFixed(digits)}e${power}`;
}

function decimalsOf(gap: number): number {
  return Math.min(12, Math.max(0, -Math.floor(Math.log10(gap) + 1e-9)));
}

function decadeLabel(digit: number, power: number): string {
  if (power >= -3 && power <= 3)
    return power >= 0 ? grouped(digit * 10 ** power, 0) : (digit * 10 ** power).toFixed(-power);
  return `${digit}e${power}`;
}

import type { ChartColumn } from "../message/chart-spec.js";

/** CSS pixels of a chart; the PNG has `pixelRatio` times as many: 1,080 across, what a phone held upright shows. */
export const chartSize = { width: 900, height: 420, pixelRatio: 1.2 } as const;

/** The same type on a narrower ground, so that it stays readable: `phone` is 358 pixels across at double density, where the axis numbers are 11 pixels high. */
export const chartSizes = {
  wide: chartSize,
  phone: { width: 620, height: 465, pixelRatio: 716 / 620 },
} as const satisfies Readonly<Record<ChartColumn, ChartSize>>;

export interface ChartSize {
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
}

/** Colours on an opaque light card (text at least 4.5:1, hues told apart by lightness and by dash too): the same in dark and light clients. */
export const chartInk = {
  card: "#ffffff",
  frame: "#c9d1d9",
  title: "#1b2027",
  text: "#57606a",
  grid: "#e8ebef",
  axis: "#8c959f",
  main: "#0b62c4",
  evidence: "#c4161c",
  shade: "rgba(196, 22, 28, 0.10)",
  level: "#8a4b00",
  dimmed: ["#7d8794", "#9a7fae", "#6f9f94", "#a58f66"],
} as const;

/** Dashes of the dimmed lines, in CSS pixels: told apart without colour. */
export const dimmedDashes: readonly (readonly number[])[] = [
  [7, 5],
  [2, 4],
  [12, 4, 2, 4],
  [4, 2],
];

/** Sizes in CSS pixels, large because a chat shows the picture at less than half its width. */
export const chartType = { title: 27, subtitle: 20, label: 20, axis: 19 } as const;

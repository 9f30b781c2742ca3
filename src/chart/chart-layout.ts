import type { ChartMark, ChartSpec } from "../message/chart-spec.js";
import { share, stepScale, valueScale, type Scale } from "./chart-scale.js";
import { chartSize, type ChartSize } from "./chart-theme.js";
import { thinLine, type ThinLine } from "./thin-line.js";

/** A line ready to draw. */
export interface LaidLine extends ThinLine {
  readonly label: string;
  readonly weight: "main" | "dimmed";
}

/** Where everything of one chart goes, in CSS pixels; decided before anything is drawn. */
export interface ChartLayout {
  readonly spec: ChartSpec;
  readonly size: ChartSize;
  readonly x: Scale;
  readonly y: Scale;
  /** Dimmed lines first: the main line lies on top. */
  readonly lines: readonly LaidLine[];
  readonly span: Extract<ChartMark, { kind: "span" }> | undefined;
  readonly moment: Extract<ChartMark, { kind: "moment" }> | undefined;
  readonly levels: readonly Extract<ChartMark, { kind: "level" }>[];
  readonly legend: boolean;
  readonly plot: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
}

const atMostLines = 9;

/** Lays out a chart; `textWidth` measures axis labels in CSS pixels. */
export function layOut(
  spec: ChartSpec,
  textWidth: (text: string) => number,
  size: ChartSize = chartSize,
): ChartLayout {
  const lines = [
    ...spec.lines.filter((line) => line.weight === "dimmed"),
    ...spec.lines.filter((line) => line.weight === "main"),
  ];
  const shown: ChartSpec = { ...spec, lines: lines.slice(-atMostLines) };
  const x = stepScale(shown);
  const y = valueScale(shown);
  const span = shown.marks.find((mark) => mark.kind === "span");
  const laid = shown.lines.map((line) => ({
    label: line.label,
    weight: line.weight,
    ...thinLine(line, y, line.weight === "main" ? span : undefined),
  }));
  const legend = laid.length > 1 || laid.some((line) => line.nonFinite.length > 0);
  const left = 30 + Math.max(24, ...y.ticks.map((tick) => textWidth(tick.label)));
  const top = 60 + (spec.subtitle === undefined ? 0 : 30) + (legend ? 35 : 0);
  const plot = { left, top, width: size.width - left - 26, height: size.height - top - 48 };
  const roomy = x.ticks.filter(({ at, label }) => pixelX({ x, plot }, at) - textWidth(label) / 2 > left - 8);
  return {
    spec: shown,
    size,
    x: { ...x, ticks: roomy },
    y,
    lines: laid,
    span,
    moment: shown.marks.find((mark) => mark.kind === "moment"),
    levels: shown.marks.filter((mark) => mark.kind === "level").slice(0, 3),
    legend,
    plot,
  };
}

/** CSS pixels of a place in axis units. */
export function pixelX({ x, plot }: Pick<ChartLayout, "x" | "plot">, at: number): number {
  return plot.left + share(x, at) * plot.width;
}

export function pixelY({ y, plot }: Pick<ChartLayout, "y" | "plot">, at: number): number {
  return plot.top + plot.height - share(y, at) * plot.height;
}

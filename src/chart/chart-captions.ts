import type { SKRSContext2D } from "@napi-rs/canvas";
import { plainName, plainSentence } from "../message/plain-name.js";
import { pixelX, pixelY, type ChartLayout, type LaidLine } from "./chart-layout.js";
import { dimmedColour } from "./chart-option.js";
import { chartInk, chartType, dimmedDashes } from "./chart-theme.js";
import { chartWords } from "./chart-words.js";
import { LabelPlacer, type Box } from "./label-placer.js";
import { drawNonFinite, drawNonFiniteSign, nonFiniteName } from "./non-finite-marks.js";

/** What captions are drawn with: a context in CSS pixels and the font family of all text. */
export interface Pen {
  readonly context: SKRSContext2D;
  readonly family: string;
}

/** Draws all text that is not axis numbers, the legend, the marks of non-finite points and the frame, over a drawn chart. */
export function drawCaptions(pen: Pen, layout: ChartLayout): void {
  const reserved = drawScaleNote(pen, layout);
  drawHead(pen, layout, reserved);
  if (layout.legend) drawLegend(pen, layout, reserved);
  const placer = new LabelPlacer(layout);
  drawEvidence(pen, layout, placer);
  drawLevels(pen, layout, placer);
  drawNonFinite(pen.context, layout);
  drawFoot(pen, layout);
  drawFrame(pen.context, layout);
}

/** Text cut to a width; signs that the charts' font lacks are spelt out. */
export function fitted({ context }: Pen, text: string, width: number): string {
  const spelt = plainSentence(text, 200)
    .replaceAll("→", "->")
    .replaceAll("∞", "Inf")
    .replaceAll("≥", ">=")
    .replaceAll("≤", "<=");
  if (context.measureText(spelt).width <= width) return spelt;
  let low = 1;
  let high = Array.from(spelt).length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(plainSentence(spelt, middle)).width <= width) low = middle;
    else high = middle - 1;
  }
  return plainSentence(spelt, low);
}

export function setFont({ context, family }: Pen, size: number, weight: "normal" | "bold" = "normal"): void {
  context.font = `${weight} ${size}px ${family}`;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
}

function drawHead(pen: Pen, { spec, legend, size }: ChartLayout, reserved: number): void {
  const { context } = pen;
  setFont(pen, chartType.title, "bold");
  context.fillStyle = chartInk.title;
  context.fillText(fitted(pen, plainName(spec.title, 90), size.width - 44), 22, 42);
  if (spec.subtitle === undefined) return;
  setFont(pen, chartType.subtitle);
  context.fillStyle = chartInk.text;
  context.fillText(fitted(pen, spec.subtitle, size.width - 44 - (legend ? 0 : reserved)), 22, 72);
}

function drawLegend(pen: Pen, layout: ChartLayout, reserved: number): void {
  const { context } = pen;
  const baseline = layout.plot.top - 20;
  const right = layout.size.width - 22 - reserved;
  const entries = layout.lines.map((line, index) => ({ line, index })).reverse();
  const share = (right - 22) / Math.min(4, entries.length);
  let x = 22;
  setFont(pen, chartType.label);
  for (const [place, { line, index }] of entries.entries()) {
    const name = fitted(pen, legendName(line), share - 64);
    const width = 42 + context.measureText(name).width;
    if (x + width > right) {
      context.fillStyle = chartInk.text;
      context.fillText(`+${entries.length - place}`, Math.min(x, right - 30), baseline);
      return;
    }
    drawSample(context, line, { x, y: baseline - 7, index });
    context.fillStyle = line.weight === "main" ? chartInk.title : chartInk.text;
    context.fillText(name, x + 42, baseline);
    x += width + 18;
    x = drawNonFiniteLegend(pen, line, { x, baseline, right });
  }
}

function drawNonFiniteLegend(
  pen: Pen,
  line: LaidLine,
  at: { x: number; baseline: number; right: number },
): number {
  let x = at.x;
  for (const found of line.weight === "main" ? line.nonFinite : []) {
    const name = nonFiniteName(found);
    const width = 22 + pen.context.measureText(name).width;
    if (x + width > at.right) return x;
    drawNonFiniteSign(pen.context, found.kind, { x: x + 7, y: at.baseline - 7 });
    pen.context.fillStyle = chartInk.evidence;
    pen.context.fillText(name, x + 20, at.baseline);
    x += width + 18;
  }
  return x;
}

function legendName(line: LaidLine): string {
  const others = line.weight === "main" ? [] : line.nonFinite.map(nonFiniteName);
  return [plainName(line.label, 40), ...others].join(" ");
}

function drawSample(
  context: SKRSContext2D,
  line: LaidLine,
  at: { x: number; y: number; index: number },
): void {
  context.save();
  context.strokeStyle = line.weight === "main" ? chartInk.main : dimmedColour(at.index);
  context.lineWidth = line.weight === "main" ? 3.5 : 2.5;
  if (line.weight === "dimmed")
    context.setLineDash([...(dimmedDashes[at.index % dimmedDashes.length] ?? [])]);
  context.beginPath();
  context.moveTo(at.x, at.y);
  context.lineTo(at.x + 34, at.y);
  context.stroke();
  context.restore();
}

/** The step of the moment and what the span says, together, beside their line where they hide least. */
function drawEvidence(pen: Pen, layout: ChartLayout, placer: LabelPlacer): void {
  const { plot, moment, span } = layout;
  const step = moment?.step ?? span?.to;
  if (step === undefined) return;
  const at = pixelX(layout, step);
  if (at < plot.left - 1 || at > plot.left + plot.width + 1) return;
  const start = span === undefined ? at : Math.max(plot.left, Math.min(at, pixelX(layout, span.from)));
  setFont(pen, chartType.label, "bold");
  const texts = [moment?.label, span?.label].flatMap((text) =>
    text === undefined || text === "" ? [] : [fitted(pen, text, plot.width * 0.45)],
  );
  const size = boxOf(pen, texts);
  const bottom = plot.top + plot.height - size.height - 8;
  const tops = [plot.top + 4, bottom, plot.top + plot.height / 2 - size.height / 2];
  const sides = [start - size.width - 6, at + 6, at - size.width - 6];
  const box = placer.place(tops.flatMap((y) => sides.map((x) => ({ ...size, x, y }))));
  const align = box !== undefined && box.x + box.width / 2 < at ? "right" : "left";
  if (box !== undefined) drawChip(pen, { texts, box, align, ink: chartInk.evidence });
}

function drawLevels(pen: Pen, layout: ChartLayout, placer: LabelPlacer): void {
  const words = chartWords[layout.spec.locale];
  const { plot } = layout;
  setFont(pen, chartType.label, "bold");
  for (const level of layout.levels) {
    const at = layout.y.project(level.value);
    const outside = at > layout.y.to ? words.above : at < layout.y.from ? words.below : undefined;
    const label = fitted(pen, level.label, plot.width * 0.45);
    const texts = [outside === undefined ? label : `${label} (${outside})`];
    const size = boxOf(pen, texts);
    const y = Math.max(plot.top, Math.min(plot.top + plot.height, pixelY(layout, at)));
    const xs = [
      plot.left + 4,
      plot.left + plot.width - size.width - 4,
      plot.left + (plot.width - size.width) / 2,
    ];
    const box = placer.place(
      xs.flatMap((x) => [y - size.height - 3, y + 4].map((top) => ({ ...size, x, y: top }))),
    );
    if (box !== undefined) drawChip(pen, { texts, box, align: "left", ink: chartInk.level });
  }
}

const rowHeight = 28;

function boxOf({ context }: Pen, texts: readonly string[]): Pick<Box, "width" | "height"> {
  return {
    width: Math.max(0, ...texts.map((text) => context.measureText(text).width)) + 10,
    height: texts.length * rowHeight,
  };
}

interface Chip {
  readonly texts: readonly string[];
  readonly box: Box;
  readonly align: "left" | "right";
  readonly ink: string;
}

/** A label on a nearly opaque ground: what lies below stays guessable, the text readable. */
function drawChip({ context }: Pen, { texts, box, align, ink }: Chip): void {
  context.fillStyle = "rgba(255, 255, 255, 0.82)";
  context.fillRect(box.x, box.y, box.width, box.height);
  context.fillStyle = ink;
  context.textAlign = align;
  const x = align === "left" ? box.x + 5 : box.x + box.width - 5;
  texts.forEach((text, row) => {
    context.fillText(text, x, box.y + row * rowHeight + 21);
  });
}

function drawFoot(pen: Pen, layout: ChartLayout): void {
  const { context } = pen;
  const { plot, spec } = layout;
  const words = chartWords[spec.locale];
  const finite = layout.lines.reduce((sum, line) => sum + line.finite, 0);
  const any = finite + layout.lines.reduce((sum, line) => sum + line.nonFinite.length, 0);
  setFont(pen, chartType.label);
  context.fillStyle = chartInk.text;
  if (finite === 0) {
    context.textAlign = "center";
    context.fillText(
      any === 0 ? words.empty : words.nothingFinite,
      plot.left + plot.width / 2,
      plot.top + plot.height / 2,
    );
  }
  setFont(pen, chartType.axis - 1);
  context.textAlign = "right";
  context.fillText(layout.spec.across ?? words.step, plot.left - 12, plot.top + plot.height + 23);
}

/** Said where no curve runs: at the right end of the lowest row of the head. */
function drawScaleNote(pen: Pen, layout: ChartLayout): number {
  if (layout.y.kind !== "log") return 0;
  const words = chartWords[layout.spec.locale];
  setFont(pen, chartType.axis - 1);
  pen.context.textAlign = "right";
  pen.context.fillStyle = chartInk.text;
  const baseline = layout.legend || layout.spec.subtitle === undefined ? layout.plot.top - 20 : 72;
  pen.context.fillText(words.logScale, layout.size.width - 22, baseline);
  return pen.context.measureText(words.logScale).width + 20;
}

function drawFrame(context: SKRSContext2D, { size }: ChartLayout): void {
  context.strokeStyle = chartInk.frame;
  context.lineWidth = 2;
  context.strokeRect(1, 1, size.width - 2, size.height - 2);
}

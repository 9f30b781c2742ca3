import type { ChartSpec } from "../message/chart-spec.js";
import { plainName, plainSentence } from "../message/plain-name.js";
import { chartAlt } from "./chart-alt.js";
import { layOut, pixelX, pixelY, type ChartLayout, type LaidLine } from "./chart-layout.js";
import { chartSize, chartType, dimmedDashes } from "./chart-theme.js";
import { chartWords } from "./chart-words.js";
import { LabelPlacer } from "./label-placer.js";
import { nonFiniteName } from "./non-finite-marks.js";

/** A chart as an SVG element for a page: no title (the page says it), colours by class (`svgChartStyle`), every text escaped. */
export function svgChart(spec: ChartSpec): string {
  const { subtitle: _said, ...bare } = spec;
  const layout = layOut(bare, (text) => widthOf(text, chartType.axis));
  const top = layout.plot.top - (hasHead(layout) ? 44 : 16);
  const parts = [
    grid(layout),
    ...layout.lines.map((line, index) => curve(line, index, layout)),
    evidence(layout),
    ...layout.lines.map((line) => nonFinite(line, layout)),
    head(layout),
    labels(layout),
  ];
  const box = `0 ${round(top)} ${chartSize.width} ${round(chartSize.height - top)}`;
  return `<svg class="chart" viewBox="${box}" role="img" aria-label="${escaped(chartAlt(spec))}">${parts.join("")}</svg>`;
}

/** Style of all charts of a page; the colours are custom properties that the page sets, light and dark. */
export const svgChartStyle = `
.chart{display:block;width:100%;height:auto;font-family:inherit}
.chart text{font-size:${chartType.axis}px;fill:var(--text)}
.chart .grid{stroke:var(--grid);stroke-width:1}
.chart .axis{stroke:var(--axis);stroke-width:1}
.chart .curve{fill:none;stroke:var(--main);stroke-width:3;stroke-linejoin:round;stroke-linecap:round}
.chart .dimmed{stroke:var(--dimmed);stroke-width:2}
.chart .hot{stroke:var(--evidence);stroke-width:3.5}
.chart .dot{fill:var(--main)}
.chart .dot.dimmed{fill:var(--dimmed);stroke:none}
.chart .shade{fill:var(--evidence);opacity:.12}
.chart .moment{stroke:var(--evidence);stroke-width:2;stroke-dasharray:6 4}
.chart .level{stroke:var(--level);stroke-width:2;stroke-dasharray:10 5}
.chart .cross{fill:none;stroke:var(--evidence);stroke-width:3}
.chart .chip{fill:var(--card);opacity:.85}
.chart text.evidence{fill:var(--evidence);font-weight:600}
.chart text.limit{fill:var(--level);font-weight:600}
`;

/** Text for markup and quoted attributes. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function hasHead({ legend, y }: ChartLayout): boolean {
  return legend || y.kind === "log";
}

function grid(layout: ChartLayout): string {
  const { plot, x, y, spec } = layout;
  const bottom = plot.top + plot.height;
  const right = plot.left + plot.width;
  const rows = y.ticks.map(({ at, label }) => {
    const top = pixelY(layout, at);
    return (
      line("grid", [plot.left, top, right, top]) +
      text({ x: plot.left - 10, y: top + 6, anchor: "end" }, label)
    );
  });
  const columns = x.ticks.map(({ at, label }) => {
    const left = pixelX(layout, at);
    return (
      line("axis", [left, bottom, left, bottom + 5]) +
      text({ x: left, y: bottom + 26, anchor: "middle" }, label)
    );
  });
  const across = spec.across ?? chartWords[spec.locale].step;
  const step = text({ x: plot.left - 12, y: bottom + 26, anchor: "end" }, across);
  return `${rows.join("")}${line("axis", [plot.left, bottom, right, bottom])}${columns.join("")}${step}`;
}

function curve(drawn: LaidLine, index: number, layout: ChartLayout): string {
  return `<path ${stroke(drawn, index)} d="${pathOf(drawn.points, layout)}"/>${dots(drawn, layout)}`;
}

function stroke({ weight }: LaidLine, index: number): string {
  const dash = dimmedDashes[index % dimmedDashes.length]?.join(" ") ?? "";
  return weight === "main" ? 'class="curve"' : `class="curve dimmed" stroke-dasharray="${dash}"`;
}

/** Dots on sparse curves and on points without neighbours, which no line would show. */
function dots({ points, weight }: LaidLine, layout: ChartLayout): string {
  const sparse = weight === "main" && points.length <= 60;
  const kind = weight === "dimmed" ? "dot dimmed" : "dot";
  return points
    .flatMap((point, index) => {
      if (point === null || !(sparse || (!points[index - 1] && !points[index + 1]))) return [];
      const [x, y] = [pixelX(layout, point[0]), pixelY(layout, point[1])];
      return [`<circle class="${kind}" cx="${round(x)}" cy="${round(y)}" r="${sparse ? 4 : 3}"/>`];
    })
    .join("");
}

function evidence(layout: ChartLayout): string {
  const { plot, span, moment, levels } = layout;
  const parts: string[] = [];
  if (span !== undefined) {
    const from = within(layout, pixelX(layout, span.from));
    const to = within(layout, pixelX(layout, span.to));
    const rect = `x="${round(from)}" y="${round(plot.top)}" width="${round(to - from)}" height="${round(plot.height)}"`;
    const main = layout.lines.findLast(({ weight }) => weight === "main")?.points ?? [];
    const inside = main.filter((point) => point === null || (point[0] >= span.from && point[0] <= span.to));
    parts.push(`<rect class="shade" ${rect}/><path class="curve hot" d="${pathOf(inside, layout)}"/>`);
  }
  if (moment !== undefined && isInside(layout, pixelX(layout, moment.step))) {
    const x = pixelX(layout, moment.step);
    parts.push(line("moment", [x, plot.top, x, plot.top + plot.height]));
  }
  for (const { value } of levels) {
    const y = pixelY(layout, layout.y.project(value));
    if (y < plot.top - 1 || y > plot.top + plot.height + 1) continue;
    parts.push(line("level", [plot.left, y, plot.left + plot.width, y]));
  }
  return parts.join("");
}

/** Crosses where values were not finite: infinity at the top, the rest at the bottom; main line only. */
function nonFinite({ weight, nonFinite: found }: LaidLine, layout: ChartLayout): string {
  if (weight !== "main") return "";
  const { plot } = layout;
  const path: string[] = [];
  for (const { kind, steps } of found) {
    const y = kind === "Inf" ? plot.top + 7 : plot.top + plot.height - 7;
    let last = -Infinity;
    for (const step of steps) {
      const x = pixelX(layout, step);
      if (x - last < 6 || !isInside(layout, x)) continue;
      last = x;
      const [left, right] = [round(x - 6), round(x + 6)];
      path.push(
        `M${left} ${round(y - 6)}L${right} ${round(y + 6)}M${left} ${round(y + 6)}L${right} ${round(y - 6)}`,
      );
    }
  }
  return path.length === 0 ? "" : `<path class="cross" d="${path.join("")}"/>`;
}

/** What the lines are, and whether the scale is logarithmic. */
function head(layout: ChartLayout): string {
  if (!hasHead(layout)) return "";
  const { plot, lines, y, spec } = layout;
  const baseline = plot.top - 20;
  const parts: string[] = [];
  let x = 22;
  for (const [index, drawn] of layout.legend ? [...lines.entries()].reverse() : []) {
    const name = [plainName(drawn.label, 30), ...drawn.nonFinite.map(nonFiniteName)].join(" ");
    const width = 60 + widthOf(name, chartType.axis);
    if (x + width > chartSize.width - 130) break;
    const sample = `<path ${stroke(drawn, index)} d="M${x} ${baseline - 6}h34"/>`;
    parts.push(sample + text({ x: x + 42, y: baseline }, name));
    x += width;
  }
  if (y.kind === "log") {
    parts.push(
      text({ x: chartSize.width - 22, y: baseline, anchor: "end" }, chartWords[spec.locale].logScale),
    );
  }
  return parts.join("");
}

const rowHeight = 26;

/** Words beside the marks, placed where they hide least of the curve. */
function labels(layout: ChartLayout): string {
  const { plot, moment, span, levels, spec } = layout;
  const placer = new LabelPlacer(layout);
  const parts: string[] = [];
  const chip = (
    kind: string,
    texts: readonly string[],
    places: readonly (readonly [number, number])[],
  ): void => {
    const width = Math.max(0, ...texts.map((one) => widthOf(one, chartType.axis) * 1.06)) + 10;
    const height = texts.length * rowHeight;
    const box = placer.place(places.map(([x, y]) => ({ x: x < 0 ? -x - width : x, y, width, height })));
    if (box === undefined || texts.length === 0) return;
    const rows = texts.map((one, row) => text({ x: box.x + 5, y: box.y + row * rowHeight + 19, kind }, one));
    parts.push(
      `<rect class="chip" x="${round(box.x)}" y="${round(box.y)}" width="${round(width)}" height="${height}"/>${rows.join("")}`,
    );
  };
  const at = moment === undefined ? undefined : pixelX(layout, moment.step);
  if (at !== undefined && isInside(layout, at)) {
    const texts = [moment?.label, span?.label].flatMap((one) => (one ? [plainSentence(one, 40)] : []));
    const start = span === undefined ? at : within(layout, pixelX(layout, span.from));
    const tops = [plot.top + 4, plot.top + plot.height - 60, plot.top + plot.height / 2 - 26];
    // A negative place says where the right edge is to be.
    chip(
      "evidence",
      texts,
      tops.flatMap(
        (y) =>
          [
            [-(start - 6), y],
            [at + 6, y],
            [-(at - 6), y],
          ] as const,
      ),
    );
  }
  for (const { value, label } of levels) {
    const place = layout.y.project(value);
    const { above, below } = chartWords[spec.locale];
    const outside = place > layout.y.to ? ` (${above})` : place < layout.y.from ? ` (${below})` : "";
    const y = Math.max(plot.top, Math.min(plot.top + plot.height, pixelY(layout, place)));
    const xs = [plot.left + 4, -(plot.left + plot.width - 4), plot.left + plot.width / 2];
    chip(
      "limit",
      [`${plainSentence(label, 40)}${outside}`],
      xs.flatMap(
        (x) =>
          [
            [x, y - rowHeight - 3],
            [x, y + 4],
          ] as const,
      ),
    );
  }
  const words = chartWords[spec.locale];
  if (layout.lines.every(({ finite }) => finite === 0)) {
    const said = layout.lines.some((one) => one.nonFinite.length > 0) ? words.nothingFinite : words.empty;
    parts.push(
      text({ x: plot.left + plot.width / 2, y: plot.top + plot.height / 2, anchor: "middle" }, said),
    );
  }
  return parts.join("");
}

function pathOf(points: LaidLine["points"], layout: ChartLayout): string {
  let path = "";
  let pen = "M";
  for (const point of points) {
    if (point === null) pen = "M";
    else {
      path += `${pen}${round(pixelX(layout, point[0]))} ${round(pixelY(layout, point[1]))}`;
      pen = "L";
    }
  }
  return path;
}

function line(kind: string, [x1, y1, x2, y2]: readonly [number, number, number, number]): string {
  return `<path class="${kind}" d="M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}"/>`;
}

function text(
  { x, y, anchor = "start", kind }: { x: number; y: number; anchor?: string; kind?: string },
  said: string,
): string {
  const named = kind === undefined ? "" : ` class="${kind}"`;
  return `<text${named} x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escaped(said)}</text>`;
}

function within({ plot }: ChartLayout, x: number): number {
  return Math.max(plot.left, Math.min(plot.left + plot.width, x));
}

function isInside({ plot }: ChartLayout, x: number): boolean {
  return x >= plot.left - 1 && x <= plot.left + plot.width + 1;
}

/** A page's font is not known here: a generous guess, wide signs twice. */
function widthOf(said: string, size: number): number {
  let width = 0;
  for (const sign of said) width += (sign.codePointAt(0) ?? 0) >= 0x1100 ? 1 : 0.57;
  return width * size;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

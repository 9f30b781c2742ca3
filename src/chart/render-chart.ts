import { createCanvas } from "@napi-rs/canvas";
import { LineChart } from "echarts/charts";
import { GridComponent, MarkAreaComponent, MarkLineComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import type { ChartColumn, ChartSpec } from "../message/chart-spec.js";
import { drawCaptions, setFont, type Pen } from "./chart-captions.js";
import { layOut } from "./chart-layout.js";
import { chartOption } from "./chart-option.js";
import { chartSizes, chartType } from "./chart-theme.js";
import { encodePng } from "./encode-png.js";
import { chartFontFamily } from "./fonts.js";

echarts.use([LineChart, GridComponent, MarkAreaComponent, MarkLineComponent, CanvasRenderer]);
echarts.setPlatformAPI({ createCanvas: () => createCanvas(16, 16) });

/** Pixels of the PNG that `renderChart` makes for a column. */
export function chartPixelsOf(column: ChartColumn): { readonly width: number; readonly height: number } {
  const { width, height, pixelRatio } = chartSizes[column];
  return { width: Math.round(width * pixelRatio), height: Math.round(height * pixelRatio) };
}

export const chartPixels = chartPixelsOf("wide");

/** Draws a chart; any spec gives a picture. Drawing takes the event loop a few milliseconds, the PNG is encoded off it. */
export async function renderChart(spec: ChartSpec, column: ChartColumn = "wide"): Promise<Uint8Array> {
  const pixels = chartPixelsOf(column);
  const canvas = createCanvas(pixels.width, pixels.height);
  const pen: Pen = { context: canvas.getContext("2d"), family: chartFontFamily() };
  setFont(pen, chartType.axis);
  const layout = layOut(spec, (text) => pen.context.measureText(text).width, chartSizes[column]);
  const { width, height, pixelRatio } = chartSizes[column];
  const chart = echarts.init(canvas, null, {
    renderer: "canvas",
    width,
    height,
    devicePixelRatio: pixelRatio,
  });
  try {
    chart.setOption(chartOption(layout, pen.family));
    pen.context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    drawCaptions(pen, layout);
    return await encodePng({ ...pixels, rgba: canvas.data() });
  } finally {
    // Only now: disposing wipes the canvas.
    chart.dispose();
  }
}

import type { EChartsCoreOption } from "echarts/core";
import type { ChartLayout, LaidLine } from "./chart-layout.js";
import { share, type Scale } from "./chart-scale.js";
import { chartInk, chartType, dimmedDashes } from "./chart-theme.js";

const fewPoints = 60;
const manyPoints = 250;

/** The chart library's option for a layout: axes, lines, shading. Text other than axis numbers is drawn afterwards. */
export function chartOption(layout: ChartLayout, fontFamily: string): EChartsCoreOption {
  const { plot } = layout;
  const label = { color: chartInk.text, fontFamily, fontSize: chartType.axis };
  return {
    animation: false,
    backgroundColor: chartInk.card,
    grid: { left: plot.left, top: plot.top, width: plot.width, height: plot.height, outerBoundsMode: "none" },
    xAxis: {
      ...axis(layout.x, label),
      axisLine: { onZero: false, lineStyle: { color: chartInk.axis } },
      splitLine: { show: false },
    },
    yAxis: {
      ...axis(layout.y, label),
      axisLine: { show: false },
      // The ticks are not drawn, but their places are those of the grid lines.
      axisTick: { show: false, customValues: layout.y.ticks.map(({ at }) => share(layout.y, at)) },
      splitLine: { show: true, lineStyle: { color: chartInk.grid, width: 1 } },
    },
    series: [
      ...layout.lines.map((line, index) => lineSeries(line, index, layout)),
      ...evidenceSeries(layout),
    ],
  };
}

/** The library sees shares of the axes, never the data: what it cannot count with (1e308, 5e-324) stays outside. */
function axis(scale: Scale, label: object): object {
  const names = new Map(scale.ticks.map((tick) => [share(scale, tick.at), tick.label]));
  const customValues = [...names.keys()];
  return {
    type: "value",
    min: 0,
    max: 1,
    axisTick: { customValues, lineStyle: { color: chartInk.axis } },
    axisLabel: {
      ...label,
      customValues,
      hideOverlap: true,
      formatter: (value: number) => names.get(value) ?? "",
    },
  };
}

function lineSeries(line: LaidLine, index: number, layout: ChartLayout): object {
  const main = line.weight === "main";
  const drawn = line.points.filter((point) => point !== null).length;
  return {
    type: "line",
    data: line.points.map((point) => placed(point, layout)),
    ...symbols(line, drawn),
    connectNulls: false,
    lineStyle: main
      ? { color: chartInk.main, width: drawn > manyPoints ? 2.4 : 3, join: "round", cap: "round" }
      : { color: dimmedColour(index), width: 2, type: dimmedDashes[index % dimmedDashes.length] },
    itemStyle: { color: main ? chartInk.main : dimmedColour(index), borderWidth: 0 },
    emphasis: { disabled: true },
    z: main ? 4 : 3,
  };
}

/** Dots on the few points of a sparse main line, and on points without neighbours, which no line would show. */
function symbols(line: LaidLine, drawn: number): object {
  const main = line.weight === "main";
  if (main && drawn <= fewPoints)
    return { symbol: "circle", symbolSize: 7, showSymbol: true, showAllSymbol: true };
  if (!line.points.some((_point, index) => alone(line, index))) return { symbol: "none" };
  const symbol = (_value: unknown, { dataIndex }: { dataIndex: number }): string =>
    alone(line, dataIndex) ? "circle" : "none";
  return { symbol, symbolSize: 4, showSymbol: true, showAllSymbol: true };
}

/** The colour of a dimmed line, also for its legend. */
export function dimmedColour(index: number): string {
  return chartInk.dimmed[index % chartInk.dimmed.length] ?? chartInk.axis;
}

function alone({ points }: LaidLine, index: number): boolean {
  return points[index] !== null && !points[index - 1] && !points[index + 1];
}

/** The points of the evidence again, in the colour of the alarm, with shading, moment and levels. */
function evidenceSeries(layout: ChartLayout): readonly object[] {
  const { span, moment, levels } = layout;
  const inside = span === undefined ? [] : within(layout, span);
  return [
    {
      type: "line",
      data: inside,
      symbol: inside.length <= fewPoints ? "circle" : "none",
      symbolSize: 8,
      lineStyle: { color: chartInk.evidence, width: 3.5, join: "round", cap: "round" },
      itemStyle: { color: chartInk.evidence },
      emphasis: { disabled: true },
      z: 5,
      markArea: {
        silent: true,
        z: 1,
        itemStyle: { color: chartInk.shade },
        data:
          span === undefined
            ? []
            : [[{ xAxis: share(layout.x, span.from) }, { xAxis: share(layout.x, span.to) }]],
      },
      markLine: {
        silent: true,
        z: 2,
        symbol: "none",
        precision: 15,
        label: { show: false },
        data: [
          ...(moment === undefined
            ? []
            : [
                {
                  xAxis: share(layout.x, moment.step),
                  lineStyle: { color: chartInk.evidence, width: 2, type: [6, 4] },
                },
              ]),
          ...levels.map((level) => ({
            yAxis: share(layout.y, layout.y.project(level.value)),
            lineStyle: { color: chartInk.level, width: 2, type: [10, 5] },
          })),
        ],
      },
    },
  ];
}

type Drawn = readonly [number, number] | readonly [null, null];

function placed(point: readonly [number, number] | null, { x, y }: ChartLayout): Drawn {
  return point === null ? [null, null] : [share(x, point[0]), share(y, point[1])];
}

function within(layout: ChartLayout, span: { readonly from: number; readonly to: number }): readonly Drawn[] {
  const main = layout.lines.findLast((line) => line.weight === "main");
  return (main?.points ?? []).flatMap((point): readonly Drawn[] => {
    const inside = point === null || (point[0] >= span.from && point[0] <= span.to);
    return inside ? [placed(point, layout)] : [];
  });
}

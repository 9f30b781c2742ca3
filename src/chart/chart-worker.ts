import { parentPort } from "node:worker_threads";
import type { ChartAnswer, ChartOrder } from "./chart-order.js";
import { renderChart } from "./render-chart.js";

/** The other end of `ChartThread`: draws what it is told, one after another, and says so. */
parentPort?.on("message", (order: ChartOrder) => {
  void draw(order).then((answer) => parentPort?.postMessage(answer));
});

async function draw({ id, spec, column }: ChartOrder): Promise<ChartAnswer> {
  try {
    return { id, png: await renderChart(spec, column) };
  } catch (cause) {
    return { id, problem: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) };
  }
}

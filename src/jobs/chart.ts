import type { LaneStore, PendingChart } from "../alerts/lane-store.js";
import type { ChatPlatform } from "../chat/platform.js";
import type { Log } from "../lib/log.js";
import { type DestinationId, parseDestination } from "../message/destination.js";
import type { Speaker } from "./speaker.js";
import type { Wakes } from "./wakes.js";

export interface ChartPorts {
  readonly lanes: LaneStore;
  readonly platforms: ReadonlyMap<string, ChatPlatform>;
  readonly speaker: Speaker;
  readonly wakes: Wakes;
  readonly log: Log;
}

/** Draws and uploads the pictures a lane's alerts wait for, beside the lane: the text never waits for them, only the edit passes through. */
export async function makeCharts(ports: ChartPorts, lane: DestinationId): Promise<void> {
  const platform = ports.platforms.get(parseDestination(lane).platform);
  let again: number | undefined;
  for (const chart of await ports.lanes.pendingCharts(lane)) {
    const afterMs =
      platform === undefined ? await give(ports, lane, chart) : await make(ports, platform, { lane, chart });
    if (afterMs !== undefined) again = Math.min(again ?? Infinity, afterMs);
  }
  if (again !== undefined) await ports.wakes.chart(lane, again);
}

/** Returns when to try again, or undefined where the chart is through, one way or the other. */
async function make(
  ports: ChartPorts,
  platform: ChatPlatform,
  { lane, chart }: { readonly lane: DestinationId; readonly chart: PendingChart },
): Promise<number | undefined> {
  const { body } = chart.entry;
  if (body.kind !== "chart" || platform.capabilities.pictures === "none") return give(ports, lane, chart);
  if (platform.capabilities.pictures === "with-post" || platform.upload === undefined) {
    await ports.lanes.chartReady(lane, chart, undefined);
    await ports.wakes.deliver(lane, 0);
    return undefined;
  }
  const drawing = await ports.speaker.draw(body, lane, platform.capabilities.column);
  if (drawing === undefined) return give(ports, lane, chart);
  const outcome = await platform.upload({ kind: "png", ...drawing }, parseDestination(lane));
  switch (outcome.kind) {
    case "uploaded":
      await ports.lanes.chartReady(lane, chart, outcome.picture);
      await ports.wakes.deliver(lane, 0);
      return undefined;
    case "retry":
      return outcome.afterMs;
    case "rejected":
      ports.log.warn({ lane, entry: chart.entry.id, reason: outcome.reason }, "chart_unavailable");
      return give(ports, lane, chart);
  }
}

async function give(
  ports: ChartPorts,
  lane: DestinationId,
  chart: PendingChart,
): Promise<number | undefined> {
  if (chart.entry.body.kind === "chart") await ports.lanes.dropChart(lane, chart.entry.body.alert);
  return undefined;
}

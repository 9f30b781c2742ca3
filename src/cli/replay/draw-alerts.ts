import { chartSpecOf } from "../../alerts/chart-of-series.js";
import { svgChart } from "../../chart/svg-chart.js";
import { logRunSlices } from "../../eventlog/log-run-slices.js";
import type { Locale } from "../../lib/locale.js";
import { EffectiveSeries } from "../../series/effective.js";
import { labelSeries } from "../../series/label-series.js";
import type { PointColumns } from "../../series/point.js";
import { seriesKeyOf } from "../../series/run.js";
import type { ReplayedAlert } from "../replay-report.js";
import type { RunOnDisk } from "../replay-run.js";

/** Curves of one run that are drawn; further alerts are listed without. */
const mostCurves = 40;
/** Series of one run that are held to be drawn from, and points of each (a longer one is thinned): about 100 MB. */
const mostSeries = 24;
const mostPoints = 180_000;

/** An alert's curve among those of its run; the same alert with the same evidence has the same curve. */
export function curveKey({ episode }: ReplayedAlert): string {
  const { rule, split, tag, opened, evidence } = episode;
  return JSON.stringify([rule, split, tag, opened.step, evidence.from, evidence.to, evidence.level]);
}

/** Reads the run again for the series that gave alerts, and draws each alert. */
export async function drawAlerts(
  onDisk: RunOnDisk,
  alerts: readonly ReplayedAlert[],
  locale: Locale,
): Promise<ReadonlyMap<string, string>> {
  const series = await readSeries(onDisk, alerts);
  const curves = new Map<string, string>();
  for (const alert of alerts) {
    const { split, tag } = alert.episode;
    const points = series.get(seriesKeyOf(split, tag))?.columns();
    const key = curveKey(alert);
    if (points === undefined || curves.has(key) || curves.size >= mostCurves) continue;
    const labels = labelSeries({ run: onDisk.run, split, tag }, onDisk.settings.metrics);
    const spec = chartSpecOf({
      locale,
      run: onDisk.run,
      labels,
      points,
      others: othersOf(onDisk, series, { split, tag }),
      episode: alert.episode,
    });
    curves.set(key, svgChart(spec));
  }
  return curves;
}

async function readSeries(
  { source, root, logRuns, now }: RunOnDisk,
  alerts: readonly ReplayedAlert[],
): Promise<ReadonlyMap<string, EffectiveSeries>> {
  const tags = [...new Set(alerts.map(({ episode }) => episode.tag))].filter((tag) => tag !== "");
  const wanted = new Set(tags);
  const series = new Map<string, EffectiveSeries>();
  if (wanted.size === 0) return series;
  for (const { name, split } of logRuns) {
    for await (const { points } of logRunSlices(source, { root, logRun: name, now })) {
      for (let i = 0; i < points.length; i += 1) {
        const tag = points.tags[points.tag[i] ?? 0] ?? "";
        if (!wanted.has(tag)) continue;
        const key = seriesKeyOf(split, tag);
        let found = series.get(key);
        if (found === undefined) {
          if (series.size >= mostSeries) continue;
          found = new EffectiveSeries();
          series.set(key, found);
        }
        if (found.length >= mostPoints) {
          found = newerHalf(found.columns());
          series.set(key, found);
        }
        found.push(points.step[i] ?? 0, points.wallTime[i] ?? 0, points.value[i] ?? 0);
      }
    }
  }
  return series;
}

/** A series at its bound keeps every second point of what is older. */
function newerHalf({ step, wallTime, value }: PointColumns): EffectiveSeries {
  const kept = new EffectiveSeries(mostPoints);
  for (let i = 0; i < step.length; i += 1) {
    if (i % 2 === 1 && Number.isFinite(value[i])) continue;
    kept.push(step[i] ?? 0, wallTime[i] ?? 0, value[i] ?? 0);
  }
  return kept;
}

function othersOf(
  { logRuns }: RunOnDisk,
  series: ReadonlyMap<string, EffectiveSeries>,
  main: { readonly split: string; readonly tag: string },
) {
  return logRuns.flatMap(({ split }) => {
    const found = split === main.split ? undefined : series.get(seriesKeyOf(split, main.tag));
    return found === undefined ? [] : [{ split, points: found.columns() }];
  });
}

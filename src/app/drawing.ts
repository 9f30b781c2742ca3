import { chartAlt } from "../chart/chart-alt.js";
import { drawChart } from "../chart/chart-thread.js";
import { chartSpecOf } from "../alerts/chart-of-series.js";
import type { Episode } from "../alerts/episode.js";
import type { RunDirectory, SeriesSummary } from "../commands/context.js";
import type { Drawing } from "../jobs/speaker.js";
import type { ChartColumn } from "../message/chart-spec.js";
import type { Locale } from "../lib/locale.js";
import { sparkline } from "../message/sparkline.js";
import type { RunId, SeriesKey } from "../series/run.js";

/** Draws a metric of a run, with the evidence of an alert where there is one; undefined where there is nothing to draw. */
export async function drawSeries(
  directory: RunDirectory,
  about: {
    readonly run: RunId;
    readonly series: SeriesKey;
    readonly locale: Locale;
    readonly column: ChartColumn;
    readonly episode?: Episode | undefined;
  },
): Promise<Drawing | undefined> {
  const all = await directory.series(about.run);
  const main = all.find((series) => series.key === about.series);
  if (main === undefined) return undefined;
  const others = await Promise.all(
    siblings(all, main).map(async (series) => ({
      split: series.labels.split,
      points: await directory.points(about.run, series.key),
    })),
  );
  const spec = chartSpecOf({
    locale: about.locale,
    run: main.labels.run,
    labels: main.labels,
    points: await directory.points(about.run, main.key),
    others,
    ...(about.episode === undefined ? {} : { episode: about.episode }),
  });
  const sketch = sparkline(spec.lines.find(({ weight }) => weight === "main")?.value ?? new Float64Array());
  return { png: await drawChart(spec, about.column), name: "chart.png", alt: chartAlt(spec), sketch };
}

/** The same tag in the run's other splits. */
function siblings(all: readonly SeriesSummary[], main: SeriesSummary): readonly SeriesSummary[] {
  return all.filter((series) => series.key !== main.key && series.labels.tag === main.labels.tag).slice(0, 4);
}

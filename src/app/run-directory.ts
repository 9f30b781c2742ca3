import type { LaneStore } from "../alerts/lane-store.js";
import type { RunFacts } from "../alerts/run-facts.js";
import type { RunStore } from "../alerts/run-store.js";
import type { WatchRegistry } from "../alerts/watch-registry.js";
import type { RunDirectory, RunSummary } from "../commands/context.js";
import type { Clock } from "../lib/clock.js";
import { destinationId } from "../message/destination.js";
import { labelSeries } from "../series/label-series.js";
import type { MetricOverrides } from "../series/metric-overrides.js";
import { type Run, type RunId, splitSeriesKey } from "../series/run.js";
import type { PointArchive } from "./point-archive.js";
import { createRunPoints } from "./run-points.js";

export interface RunDirectoryPorts {
  readonly registry: WatchRegistry;
  readonly runs: RunStore;
  readonly lanes: LaneStore;
  readonly clock: Clock;
  readonly metrics: MetricOverrides;
  readonly archive: PointArchive;
}

/** A run that brought nothing for this long is quiet: finished or stuck, nobody can tell from silence alone. */
const quietAfterMs = 600_000;

/** Runs as people ask for them, from what the polls stored. */
export function createRunDirectory(ports: RunDirectoryPorts): RunDirectory {
  const { registry, runs, lanes, clock, metrics } = ports;
  const summary = async (id: RunId): Promise<RunSummary | undefined> => {
    const head = await runs.head(id);
    return head === undefined ? undefined : summarise(id, head, clock.now());
  };
  return {
    get: summary,
    list: async () => {
      const ids = (
        await Promise.all((await registry.list()).map((watch) => registry.runs(watch.id)))
      ).flatMap((found) => [...found.keys()]);
      const found = (await Promise.all(ids.map(summary))).filter((run) => run !== undefined);
      return found.sort((a, b) => b.lastArrivalAt - a.lastArrivalAt || (a.run.name < b.run.name ? -1 : 1));
    },
    ofThread: async ({ thread, place }) =>
      thread === undefined ? undefined : lanes.runOf(destinationId(place), thread),
    series: async (id) => {
      const stored = await runs.load(id);
      if (stored === undefined) return [];
      return [...stored.series.values()].map(({ key, points, last, min, max, nonFinite }) => ({
        key,
        labels: labelSeries({ run: stored.run, ...splitSeriesKey(key) }, metrics),
        points,
        last,
        min,
        max,
        nonFinite,
      }));
    },
    ...createRunPoints(ports),
  };
}

function summarise(
  id: RunId,
  { run, facts }: { readonly run: Run; readonly facts: RunFacts },
  now: number,
): RunSummary {
  return {
    id,
    run,
    splits: facts.splits,
    state:
      facts.outcome ??
      (facts.finishedAt !== undefined
        ? "finished"
        : now - facts.lastArrivalAt < quietAfterMs
          ? "running"
          : "quiet"),
    points: facts.points,
    firstWallTime: facts.firstWallTime,
    lastWallTime: facts.lastWallTime,
    lastArrivalAt: facts.lastArrivalAt,
    openEpisodes: facts.open,
    hparams: facts.hparams,
  };
}

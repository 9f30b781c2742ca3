import type { SeriesFacts } from "../alerts/run-facts.js";
import type { RunStore } from "../alerts/run-store.js";
import type { WatchRegistry } from "../alerts/watch-registry.js";
import type { RunDirectory, RunHistory } from "../commands/context.js";
import { stopwatch } from "../lib/stopwatch.js";
import { effectivePoints } from "../series/effective.js";
import type { PointColumns } from "../series/point.js";
import { type RunId, type SeriesKey, splitSeriesKey } from "../series/run.js";
import type { PointArchive } from "./point-archive.js";

export interface RunPointsPorts {
  readonly registry: WatchRegistry;
  readonly runs: RunStore;
  readonly archive: PointArchive;
}

/** A chart waits this long for the files; a command is answered within three seconds. Milliseconds. */
const chartWithinMs = 1_500;
/** Points that the newest window holds at least, and how much the level below it is thinned (architecture, section 8). */
const newest = 2_000;
const thinned = 10;

/** Points of runs: from Redis where it still holds what was asked for, else from the event files. */
export function createRunPoints(ports: RunPointsPorts): Pick<RunDirectory, "points" | "history"> {
  return {
    points: async (id, key) =>
      (await gather(ports, { id, keys: [key], enough: windowOf, withinMs: chartWithinMs })).points.get(key) ??
      none,
    history: (id, keys, withinMs) => gather(ports, { id, keys, enough: (count) => count, withinMs }),
  };
}

interface Wanted {
  readonly id: RunId;
  readonly keys: readonly SeriesKey[];
  /** How many of the points ever read of a series must be at hand. */
  readonly enough: (count: number) => number;
  readonly withinMs: number;
}

const none: PointColumns = effectivePoints({
  step: new Float64Array(),
  wallTime: new Float64Array(),
  value: new Float64Array(),
});

/** The fewest points that Redis holds of a series of which it dropped nothing but what the window does not promise. */
function windowOf(count: number): number {
  if (count <= 2 * newest) return count;
  return newest + Math.min(newest, Math.floor((count - 2 * newest) / thinned));
}

async function gather({ registry, runs, archive }: RunPointsPorts, wanted: Wanted): Promise<RunHistory> {
  const { id, keys, enough, withinMs } = wanted;
  const elapsed = stopwatch();
  const points = new Map<SeriesKey, PointColumns>();
  const missing = new Map<string, SeriesFacts[]>();
  for (const [key, facts] of await runs.series(id, keys)) {
    const stored = await runs.points(id, key);
    points.set(key, effectivePoints(stored));
    if (stored.step.length >= enough(facts.points)) continue;
    missing.set(facts.logRun, [...(missing.get(facts.logRun) ?? []), facts]);
  }
  let whole = true;
  const root = missing.size === 0 ? undefined : await rootOf(registry, id);
  // Whoever gave any time gets a first slice, however busy the machine is.
  let left = withinMs;
  for (const [logRun, series] of missing) {
    const tags = series.map(({ key }) => splitSeriesKey(key).tag);
    const read =
      root === undefined || left <= 0
        ? undefined
        : await archive.read({ root, logRun, tags, withinMs: left });
    left = withinMs - elapsed();
    for (const one of series) {
      const found = read?.series(splitSeriesKey(one.key).tag);
      const isWhole = read?.isWhole === true && (found?.read ?? 0) >= one.points;
      whole &&= isWhole;
      const stored = points.get(one.key) ?? none;
      if (found !== undefined) points.set(one.key, isWhole ? found.points : together(found.points, stored));
    }
  }
  return { points, whole };
}

/** The files gave the beginning, Redis has the end; where Redis reaches as far back, it has the whole of the curve, if thinned. */
function together(archived: PointColumns, stored: PointColumns): PointColumns {
  const [began = Infinity] = archived.step;
  const [from = Infinity] = stored.step;
  if (from <= began) return stored.step.length >= archived.step.length ? stored : archived;
  return effectivePoints({
    step: joined(archived.step, stored.step),
    wallTime: joined(archived.wallTime, stored.wallTime),
    value: joined(archived.value, stored.value),
  });
}

function joined(first: Float64Array, second: Float64Array): Float64Array {
  const both = new Float64Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

async function rootOf(registry: WatchRegistry, id: RunId): Promise<string | undefined> {
  return (await registry.list()).find((watch) => id.startsWith(`${watch.id}.`))?.root;
}

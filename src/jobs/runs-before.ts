import type { RunStore } from "../alerts/run-store.js";
import type { WatchRegistry } from "../alerts/watch-registry.js";
import { runsBefore, type RunsBefore } from "../rules/run-signs.js";
import { labelSeries } from "../series/label-series.js";
import type { MetricKind } from "../series/labels.js";
import type { MetricOverrides } from "../series/metric-overrides.js";
import { type RunId, type SeriesKey, splitSeriesKey } from "../series/run.js";
import type { RunSession } from "./run-session.js";

/** Runs of a group that are looked at to find the newest three. */
const mostLookedAt = 100;
/** Written so often a tag stands in the first fifth of its run too. */
const fewestPoints = 10;
const usualKinds: ReadonlySet<MetricKind> = new Set(["loss", "accuracy", "gradient-norm", "learning-rate"]);

/**
 * What the three runs before this one wrote that are in its group: in the same directory of its watch. Undefined where there
 * are not three.
 */
export async function runsBeforeOf(
  { registry, runs }: { readonly registry: WatchRegistry; readonly runs: RunStore },
  session: RunSession,
  metrics: MetricOverrides,
): Promise<RunsBefore | undefined> {
  const { name, watch } = session.run;
  const ids = neighbours(await registry.runs(watch), name);
  const heads: { readonly id: RunId; readonly began: number; readonly points: number }[] = [];
  for (const id of ids) {
    const head = await runs.head(id);
    if (head === undefined || !(head.facts.firstWallTime < session.facts.firstWallTime)) continue;
    heads.push({ id, began: head.facts.firstWallTime, points: head.facts.points });
  }
  const newest = heads.sort((one, other) => other.began - one.began).slice(0, runsBefore);
  if (newest.length < runsBefore) return undefined;
  const counts = new Map<SeriesKey, number>();
  for (const { id } of newest) {
    const stored = await runs.load(id);
    for (const [key, { points }] of stored?.series ?? [])
      if (points >= fewestPoints) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const series = [...counts]
    .filter(([, count]) => count === runsBefore)
    .map(([key]) => splitSeriesKey(key))
    .filter(({ split, tag }) => usualKinds.has(labelSeries({ run: session.run, split, tag }, metrics).kind))
    .sort((one, other) => (one.tag < other.tag ? -1 : 1));
  const points = newest.map((one) => one.points).sort((one, other) => one - other)[runsBefore >> 1] ?? 0;
  return { series, points };
}

/** Runs of the same directory, those whose names stand nearest before this one's first. */
function neighbours(all: ReadonlyMap<RunId, string>, name: string): readonly RunId[] {
  const group = name.slice(0, name.lastIndexOf("/") + 1);
  const own = [...all].filter(
    ([, other]) => other !== name && other.slice(0, other.lastIndexOf("/") + 1) === group,
  );
  if (own.length <= mostLookedAt) return own.map(([id]) => id);
  const order = new Intl.Collator("en", { numeric: true });
  const sorted = own.sort(([, one], [, other]) => order.compare(one, other));
  const place = sorted.filter(([, other]) => order.compare(other, name) < 0).length;
  const from = Math.max(0, Math.min(place - mostLookedAt, sorted.length - mostLookedAt));
  return sorted.slice(from, from + mostLookedAt).map(([id]) => id);
}

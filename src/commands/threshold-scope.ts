import type { SettingsOverride } from "../rules/override.js";
import type { CommandContext, RunSummary, SeriesSummary } from "./context.js";
import type { Need } from "./permission.js";
import { byInterest } from "./run-words.js";

/** How many runs speak for everyone's: enough to know the tags, few enough to read them all. */
export const mostRuns = 30;

/** Runs and series that a setting is judged by: the run's own, or those of the newest runs. */
export async function seriesInScope(
  run: RunSummary | undefined,
  { runs }: CommandContext,
): Promise<{ readonly runs: readonly RunSummary[]; readonly series: readonly SeriesSummary[] }> {
  const chosen = run === undefined ? [...(await runs.list())].sort(byInterest).slice(0, mostRuns) : [run];
  const series = await Promise.all(chosen.map(({ id }) => runs.series(id)));
  return { runs: chosen, series: series.flat() };
}

/** Members set thresholds for a run in its own thread; everyone's, and another run's from afar, take an admin. */
export function needFor(scope: SettingsOverride["scope"], { impliedRun }: CommandContext): Need {
  return scope.kind === "run" && scope.run === impliedRun ? "touch" : "administer";
}

export function scopeOf(run: RunSummary | undefined): SettingsOverride["scope"] {
  return run === undefined ? { kind: "everyone" } : { kind: "run", run: run.id };
}

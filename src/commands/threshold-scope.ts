import type { OverrideScope } from "../rules/override.js";
import type { CommandContext, RunSummary, SeriesSummary } from "./context.js";
import type { Need } from "./permission.js";
import { byInterest } from "./run-words.js";

/** How many runs speak for many: enough to know the tags, few enough to read them all. */
export const mostRuns = 30;

/** Runs and series that a setting is judged by: those of the newest runs it is about. */
export async function seriesInScope(
  known: readonly RunSummary[],
  { runs }: CommandContext,
): Promise<{ readonly runs: readonly RunSummary[]; readonly series: readonly SeriesSummary[] }> {
  const chosen = [...known].sort(byInterest).slice(0, mostRuns);
  const series = await Promise.all(chosen.map(({ id }) => runs.series(id)));
  return { runs: chosen, series: series.flat() };
}

/** Members set thresholds for a run in its own thread; everyone's, a group's, and another run's from afar, take an admin. */
export function needFor(scope: OverrideScope, { impliedRun }: CommandContext): Need {
  return scope.kind === "run" && scope.run === impliedRun ? "touch" : "administer";
}

import type { OverrideScope } from "../rules/override.js";
import type { CommandContext, RunSummary, SeriesSummary } from "./context.js";
import type { Reply } from "./command.js";
import { phrase } from "./phrase.js";
import { refusal } from "./refusal.js";
import { note } from "./reply.js";
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
export function refusalOfThreshold(scope: OverrideScope, context: CommandContext): Reply | undefined {
  const { impliedRun, locale, request } = context;
  const isHere = scope.kind === "run" && scope.run === impliedRun;
  const refused = refusal(isHere ? "touch" : "administer", context);
  if (refused === undefined || scope.kind !== "run" || request.actor.kind !== "member") return refused;
  const nearer = phrase(
    locale,
    "Without one: the same command in the run's own thread, or quoting one of its messages.",
    "没有该权限时：在该运行的话题中或引用它的消息，发送同样的命令。",
  );
  const { message } = refused;
  return { ...refused, message: { ...message, blocks: [...message.blocks, note(nearer)] } };
}

import { composeDigest, type DigestRun } from "../alerts/compose-digest.js";
import type { Manner } from "../alerts/compose-speech.js";
import type { RunStore } from "../alerts/run-store.js";
import { keyMetrics } from "../commands/key-metrics.js";
import type { RunDirectory, RunSummary } from "../commands/context.js";
import type { Message } from "../message/message.js";

/** Runs a digest looks into; the rest is counted by the lists themselves. */
const mostRuns = 200;

/** One day of all runs: what started, fell quiet or has open alerts. Nothing happened: nothing is said. */
export async function composeDay(
  { directory, runs }: { readonly directory: RunDirectory; readonly runs: RunStore },
  period: { readonly day: string; readonly since: number; readonly until: number },
  manner: Manner,
): Promise<Message | undefined> {
  const { since, until } = period;
  const within = (at: number): boolean => at >= since && at < until;
  const all = (await directory.list())
    .filter((run) => run.lastArrivalAt >= since || run.openEpisodes > 0)
    .slice(0, mostRuns);
  const started = all.filter((run) => within(run.firstWallTime * 1_000));
  const finished = all.filter((run) => run.state !== "running" && within(run.lastArrivalAt));
  const open = all.filter((run) => run.openEpisodes > 0);
  const episodes = await Promise.all(
    all.map(async ({ id }) => [
      ...((await runs.load(id))?.open ?? []),
      ...(await runs.closedEpisodes(id, 50)),
    ]),
  );
  const told = episodes.flat().filter((episode) => episode.state !== "pending");
  const alertsFired = told.filter((episode) => within(episode.opened.wallTime * 1_000)).length;
  const alertsResolved = told.filter((episode) =>
    within((episode.resolved?.wallTime ?? Number.NaN) * 1_000),
  ).length;
  if (started.length + finished.length + open.length + alertsFired + alertsResolved === 0) return undefined;
  const shown = (list: readonly RunSummary[]): Promise<readonly DigestRun[]> =>
    Promise.all(list.slice(0, 20).map((run) => line(directory, run)));
  return composeDigest(
    {
      ...period,
      started: await shown(started),
      finished: await shown(finished),
      open: await shown(open),
      alertsFired,
      alertsResolved,
    },
    manner,
  );
}

async function line(directory: RunDirectory, run: RunSummary): Promise<DigestRun> {
  const series = await directory.series(run.id);
  return {
    run: run.run,
    step: Math.max(0, ...series.map((each) => each.last.step)),
    openAlerts: run.openEpisodes,
    metrics: keyMetrics(series)
      .slice(0, 3)
      .map(({ labels, last }) => ({
        tag: labels.tag,
        split: labels.split,
        last,
      })),
  };
}

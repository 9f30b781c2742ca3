import { isAlert, openAlerts } from "../alerts/is-alert.js";
import type { Episode } from "../alerts/episode.js";
import type { RunStore } from "../alerts/run-store.js";
import type { WatchRegistry } from "../alerts/watch-registry.js";
import type { AlertBook } from "../commands/context.js";
import type { RunId } from "../series/run.js";

const attempts = 20;

/** Alerts of all runs, from what the polls stored; acknowledging is a commit like any other. */
export function createAlertBook({
  registry,
  runs,
}: {
  readonly registry: WatchRegistry;
  readonly runs: RunStore;
}): AlertBook {
  const open = async (run?: RunId): Promise<readonly Episode[]> => {
    const ids = run === undefined ? await runsWithAlerts(registry, runs) : [run];
    const stored = await Promise.all(ids.map((id) => runs.load(id)));
    return stored
      .flatMap((found) => openAlerts(found?.open ?? []))
      .sort((a, b) => b.opened.wallTime - a.opened.wallTime);
  };
  return {
    open,
    recent: async (run, atMost) => {
      const ids = run === undefined ? await allRuns(registry) : [run];
      const closed = (await Promise.all(ids.map((id) => runs.closedEpisodes(id, atMost)))).flat();
      const told = closed.filter((episode) => episode.state === "resolved" && isAlert(episode));
      return [...(await open(run)), ...told]
        .sort((a, b) => b.opened.wallTime - a.opened.wallTime)
        .slice(0, atMost);
    },
    ack: (run, by, at) =>
      change(runs, run, (episode) =>
        episode.ack === undefined ? { ...episode, ack: { by, at } } : undefined,
      ),
    unack: (run) =>
      change(runs, run, (episode) => {
        if (episode.ack === undefined) return undefined;
        const { ack: _taken, ...rest } = episode;
        return rest;
      }),
  };
}

async function allRuns(registry: WatchRegistry): Promise<readonly RunId[]> {
  const found = await Promise.all((await registry.list()).map((watch) => registry.runs(watch.id)));
  return found.flatMap((runs) => [...runs.keys()]);
}

async function runsWithAlerts(registry: WatchRegistry, runs: RunStore): Promise<readonly RunId[]> {
  const ids = await allRuns(registry);
  const heads = await Promise.all(ids.map((id) => runs.head(id)));
  return ids.filter((_id, index) => (heads[index]?.facts.open ?? 0) > 0);
}

/** Changes open episodes under the run's revision; a poll in between is no reason to fail, only to look again. */
async function change(
  runs: RunStore,
  id: RunId,
  alter: (episode: Episode) => Episode | undefined,
): Promise<readonly Episode[]> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const stored = await runs.load(id);
    if (stored === undefined) return [];
    const changed = stored.open.filter(isAlert).flatMap((episode) => alter(episode) ?? []);
    if (changed.length === 0) return [];
    const outcome = await runs.commit({
      id,
      run: stored.run,
      expected: stored.revision,
      facts: stored.facts,
      cursors: new Map(),
      series: new Map(),
      memory: new Map(),
      runMemory: stored.runMemory,
      opened: changed,
      closed: [],
      points: [],
      entries: [],
    });
    if (outcome === "committed") return changed;
  }
  throw new Error("the run changes faster than it can be acknowledged");
}

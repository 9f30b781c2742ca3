import { newRunFacts } from "../alerts/run-facts.js";
import type { RunCommit, RunStore } from "../alerts/run-store.js";
import { type Run, type RunId, runIdOf } from "../series/run.js";
import type { Membership } from "../series/watch.js";

/** Log runs that are sorted into other runs than before; the runs that lose some are `released`. All by name. */
export interface Sorting {
  readonly grouping: ReadonlyMap<string, Membership>;
  readonly changes: ReadonlyMap<string, Membership>;
  readonly released: ReadonlySet<string>;
}

/**
 * How far (wall time) the log runs of each heir have been judged under another name, by the heir's name: nothing of that
 * has been said, and reading it again must not say it. What a mute or a budget still holds back is not past.
 */
export async function pastOf(
  runs: RunStore,
  { grouping, changes, released }: Sorting,
  idOf: (run: string) => RunId,
): Promise<ReadonlyMap<string, number>> {
  const past = new Map<string, number>();
  for (const run of released) {
    const facts = (await runs.head(idOf(run)))?.facts;
    if (facts?.phase !== "live" || facts.unsaid.length > 0 || Number.isNaN(facts.lastWallTime)) continue;
    for (const [logRun, membership] of grouping) {
      if (membership.run !== run) continue;
      const heir = (changes.get(logRun) ?? membership).run;
      past.set(heir, Math.max(past.get(heir) ?? -Infinity, facts.lastWallTime));
    }
  }
  return past;
}

/** The first revision of a run that knows how much of its past stays quiet, and nothing else yet; a run that exists keeps what it is. */
export function bornWithPast(run: Run, quietUpTo: number): RunCommit {
  return {
    id: runIdOf(run),
    run,
    expected: 0,
    facts: { ...newRunFacts, phase: "live", quietUpTo },
    cursors: new Map(),
    series: new Map(),
    memory: new Map(),
    runMemory: new Uint8Array(0),
    opened: [],
    closed: [],
    points: [],
    entries: [],
  };
}

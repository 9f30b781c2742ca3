import { newRunFacts, type RunFacts } from "../alerts/run-facts.js";
import type { RunStore } from "../alerts/run-store.js";
import type { RunId } from "../series/run.js";
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

/** What is known of a run that has not been read under its name: how much of its past stays quiet. */
export function factsWithPast(quietUpTo: number): RunFacts {
  return { ...newRunFacts, phase: "live", quietUpTo };
}

import { newRunFacts } from "../alerts/run-facts.js";
import type { RunCommit, RunStore } from "../alerts/run-store.js";
import { type Run, type RunId, runIdOf } from "../series/run.js";

/** A run that is sorted anew: its log runs go to `heirs`, itself perhaps among them. */
export interface Released {
  readonly run: RunId;
  readonly heirs: readonly string[];
}

/**
 * How far (wall time) the log runs of each heir have been judged under another name, by the heir's name: nothing of that
 * has been said, and reading it again must not say it. What a mute or a budget still holds back is not past.
 */
export async function pastOf(
  runs: RunStore,
  released: readonly Released[],
): Promise<ReadonlyMap<string, number>> {
  const past = new Map<string, number>();
  for (const { run, heirs } of released) {
    const facts = (await runs.head(run))?.facts;
    if (facts?.phase !== "live" || facts.unsaid.length > 0 || Number.isNaN(facts.lastWallTime)) continue;
    for (const heir of heirs) past.set(heir, Math.max(past.get(heir) ?? -Infinity, facts.lastWallTime));
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

import type { Run } from "../series/run.js";
import { runIdOf } from "../series/run.js";
import { newRunFacts } from "./run-facts.js";
import type { RunCommit } from "./run-store.js";

/** The first commit of a run that changes nothing: callers put in what they change. */
export function emptyRunCommit(run: Run): RunCommit {
  return {
    id: runIdOf(run),
    run,
    expected: 0,
    facts: newRunFacts,
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

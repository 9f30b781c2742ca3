import type { RunId, WatchId } from "../series/run.js";
import type { Membership, Watch } from "../series/watch.js";

/** Log run -> the split it is of its run. */
export type LogRuns = Readonly<Record<string, string>>;

/** A run as the scan sees it. */
export interface FoundRun {
  readonly name: string;
  readonly logRuns: LogRuns;
}

/** Watches and the runs found below them. */
export interface WatchRegistry {
  list(): Promise<readonly Watch[]>;
  put(watch: Watch): Promise<void>;
  /** Forgets the watch and its list of runs; the runs' own state is dropped by whoever asked. */
  remove(id: WatchId): Promise<void>;
  /** Run id -> name. */
  runs(id: WatchId): Promise<ReadonlyMap<RunId, string>>;
  addRun(id: WatchId, run: RunId, name: string): Promise<void>;
  /** Forgets a run, its log runs and that its history was still to be read. */
  removeRun(id: WatchId, run: RunId): Promise<void>;
  /** What a run consists of now: log run -> split; none where all its files are gone. */
  setLogRuns(id: WatchId, run: RunId, logRuns: LogRuns): Promise<void>;
  /** A run that the scan knows; undefined for one that was never found or is a run no more. */
  found(id: WatchId, run: RunId): Promise<FoundRun | undefined>;
  /** Log run -> the run and split it was counted to. */
  grouping(id: WatchId): Promise<ReadonlyMap<string, Membership>>;
  group(id: WatchId, memberships: ReadonlyMap<string, Membership>): Promise<void>;
  ungroup(id: WatchId, logRuns: readonly string[]): Promise<void>;
  /** Begins the quiet first pass over these runs and moves the watch to `priming`. */
  prime(watch: Watch, runs: readonly RunId[]): Promise<void>;
  /** A run's history is read; returns how many are left. */
  primed(id: WatchId, run: RunId): Promise<number>;
  isPriming(id: WatchId, run: RunId): Promise<boolean>;
  /** Runs whose history is still to be read. */
  priming(id: WatchId): Promise<readonly RunId[]>;
  /** When (ms) a run's time-based rules want a look; undefined = never. */
  setDeadline(run: RunId, due: number | undefined): Promise<void>;
  due(now: number, atMost: number): Promise<readonly RunId[]>;
}

export function sameLogRuns(left: LogRuns, right: LogRuns): boolean {
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && left[name] === right[name])
  );
}

import type { LogRunCursor } from "../eventlog/cursor.js";
import type { PointColumns } from "../series/point.js";
import type { Run, RunId, SeriesKey } from "../series/run.js";
import type { Episode } from "./episode.js";
import type { OutboxEntry } from "./outbox-entry.js";
import type { RunFacts, SeriesFacts } from "./run-facts.js";

/** Everything of a run that survives a restart. */
export interface StoredRun {
  readonly revision: number;
  readonly run: Run;
  readonly facts: RunFacts;
  readonly cursors: ReadonlyMap<string, LogRunCursor>;
  readonly series: ReadonlyMap<SeriesKey, SeriesFacts>;
  readonly memory: ReadonlyMap<SeriesKey, Uint8Array>;
  readonly runMemory: Uint8Array;
  readonly open: readonly Episode[];
}

/** New points of one series; `replace` where the slice alone fills the window. */
export interface PointsCommit {
  readonly key: SeriesKey;
  /** 24 bytes a point: step, wall time, value as little-endian doubles. */
  readonly packed: Uint8Array;
  readonly replace: boolean;
}

/** What one ingest changes, all or nothing. Only what changed is listed. */
export interface RunCommit {
  readonly id: RunId;
  readonly run: Run;
  /** The revision the work was based on; 0 for a run never stored. */
  readonly expected: number;
  readonly facts: RunFacts;
  readonly cursors: ReadonlyMap<string, LogRunCursor>;
  readonly series: ReadonlyMap<SeriesKey, SeriesFacts>;
  readonly memory: ReadonlyMap<SeriesKey, Uint8Array>;
  readonly runMemory: Uint8Array;
  readonly opened: readonly Episode[];
  readonly closed: readonly Episode[];
  readonly points: readonly PointsCommit[];
  readonly entries: readonly OutboxEntry[];
}

/** The live state of runs. One suite of tests for every implementation. */
export interface RunStore {
  load(id: RunId): Promise<StoredRun | undefined>;
  /** The run and its facts alone: what lists need. */
  head(id: RunId): Promise<{ readonly run: Run; readonly facts: RunFacts } | undefined>;
  /** How far its files are read and what it consists of: all that polling needs, without points' statistics and detector memory. */
  cursors(id: RunId): Promise<(Pick<StoredRun, "cursors"> & Pick<RunFacts, "logRuns">) | undefined>;
  /** What lists show of these series; those never met are left out. */
  series(id: RunId, keys: readonly SeriesKey[]): Promise<ReadonlyMap<SeriesKey, SeriesFacts>>;
  /** Stores all of it if the revision is still the expected one, else nothing. */
  commit(commit: RunCommit): Promise<"committed" | "stale">;
  /** Raw points as read, oldest first: the coarse older level, then the newest window. */
  points(id: RunId, key: SeriesKey): Promise<PointColumns>;
  /** Entries waiting to be moved to their lanes. */
  outboxLength(id: RunId): Promise<number>;
  outbox(id: RunId): Promise<readonly OutboxEntry[]>;
  /** Forgets the entries that reached their lanes. */
  relayed(id: RunId, entries: readonly OutboxEntry[]): Promise<void>;
  /** Bytes that the points of a run take. */
  pointBytes(id: RunId): Promise<number>;
  /** Keeps the newest points of each series and drops the coarse level. */
  trimPoints(id: RunId, newest: number): Promise<void>;
  /** Packs a run that does not grow, without its points; all else is found again as it was. Stale: it went on meanwhile. */
  rest(id: RunId): Promise<"rests" | "stale">;
  /** Newest first. */
  closedEpisodes(id: RunId, atMost: number): Promise<readonly Episode[]>;
  /** Drops everything of a run but these facts, at once: work based on what it was is stale. */
  beginAnew(run: Run, facts: RunFacts): Promise<void>;
  /** Drops everything of a run. */
  forget(id: RunId): Promise<void>;
}

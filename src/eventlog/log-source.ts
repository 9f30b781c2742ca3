import type { LogRunCursor } from "./cursor.js";
import type { Damage } from "./damage.js";
import type { HistogramRow } from "./histogram-rows.js";
import type { PointBatch } from "./point-batch.js";

/** One event file as a scan saw it. */
export interface LogFile {
  readonly name: string;
  readonly size: number;
  readonly mtimeMs: number;
}

/** A log run's files in name order (by code points). `name` is relative to the root, `.` for the root itself. */
export interface FoundLogRun {
  readonly name: string;
  readonly files: readonly LogFile[];
}

export interface Sweep {
  /** Log runs that are new, grew, shrank or lost files since the last sweep. */
  readonly changed: readonly FoundLogRun[];
  /** Log runs whose last event file vanished. */
  readonly gone: readonly string[];
  /** Whether this sweep walked the tree, looked at all known files, or only at the hot ones. */
  readonly depth: "walk" | "known" | "hot";
  readonly tookMs: number;
  /** No file is hot and the tree too large to be walked every second: a look before the next longer interval would find nothing to do. */
  readonly quiet?: boolean;
  /** Things an operator should hear once: unreadable directories, links that leave the roots, bounds hit. */
  readonly problems: readonly string[];
}

/** Watches one root by polling; holds what it saw in memory and never keeps a descriptor open. */
export interface LogScanner {
  /** Tells what a former process had read, so that a restart finds idle runs idle: log run -> file -> size already consumed. */
  prime(known: ReadonlyMap<string, ReadonlyMap<string, number>>): void;
  /** Looks as deep as the intervals ask for at `now` (ms), in slices that never hold the event loop. */
  sweep(now: number): Promise<Sweep>;
  /** All log runs known at present. */
  logRuns(): readonly FoundLogRun[];
}

/** One bounded read of one log run: files in name order, each to its end before the next. */
export interface LogRunSlice {
  readonly points: PointBatch;
  readonly cursor: LogRunCursor;
  readonly damage: readonly Damage[];
  readonly bytes: number;
  /** More bytes are there already: read again. */
  readonly more: boolean;
  /** Files that were replaced or truncated: their points are read again from 0. */
  readonly replaced: readonly string[];
  /** A held record wants another look at this time (ms), although the file may not change. */
  readonly lookAgainAt?: number;
  /** Histograms in the order read, where they were asked for and met. */
  readonly histograms?: readonly HistogramRow[];
  /** The plugins of tags that turned out to be no scalars and no histograms in this slice; empty where nothing names one. */
  readonly plugins?: Readonly<Record<string, string>>;
  /** Hyper-parameters met in this slice (hparams plugin), by name. */
  readonly hparams?: Readonly<Record<string, string | number | boolean>>;
}

export interface ReadRequest {
  readonly root: string;
  readonly logRun: string;
  readonly cursor?: LogRunCursor | undefined;
  /** Upper bound of bytes of this slice; a single larger record may exceed it. */
  readonly atMostBytes: number;
  readonly now: number;
  /** `live` holds fresh damage for 30 s; `dump` takes what stands on disk as final. */
  readonly patience: "live" | "dump";
  /** Decodes histograms; else they are skipped by their length. */
  readonly histograms?: boolean;
  /** Resolves when reading may go on after a few milliseconds of work; by default in the next round of the event loop. */
  readonly turn?: () => Promise<unknown>;
}

/** A small file beside a run's event files: its name, when it was written (ms), and how it begins. */
export interface SignFile {
  readonly name: string;
  readonly mtimeMs: number;
  readonly size: number;
  readonly text: string;
}

export interface SignRequest {
  readonly root: string;
  /** Relative to the root. */
  readonly directories: readonly string[];
  /** Whether a file of this name is looked into. */
  readonly wanted: (name: string) => boolean;
}

/** A place logs live in, chosen by scheme. */
export interface LogSource {
  readonly scheme: string;
  scanner(root: string, intervals: ScanIntervals): LogScanner;
  read(request: ReadRequest): Promise<LogRunSlice>;
  /** Looks for small files beside the event files, where the place has directories to look into. */
  signs?(request: SignRequest): Promise<readonly SignFile[]>;
}

/** Milliseconds; architecture, section 8: hot 1 s, known 15 s, walk 15 s (every second while the tree is small and the walk quick). */
export interface ScanIntervals {
  readonly hotMs: number;
  readonly knownMs: number;
  readonly walkMs: number;
  /** A file that grew within this time is hot. */
  readonly hotForMs: number;
}

export const defaultScanIntervals: ScanIntervals = {
  hotMs: 1_000,
  knownMs: 15_000,
  walkMs: 15_000,
  hotForMs: 600_000,
};

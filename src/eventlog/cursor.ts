/** A file as the disk knew it when last read; device and inode are for people (they change under rsync, and beyond 2^53 they are rounded). */
export interface FileIdentity {
  readonly device: string;
  readonly inode: string;
  /** Bytes that need no second look: the file's size, but the offset where a slice ended early or a bad place is held. */
  readonly size: number;
  readonly mtimeMs: number;
  /** CRC-32C of the first min(4 KiB, offset) bytes and of the 64 bytes before the offset: what survives an rsync. */
  readonly head: number;
  readonly tail: number;
}

/** Where reading of one file goes on: a record border behind the last record fully handled. JSON-able. */
export interface FileCursor {
  readonly identity: FileIdentity;
  readonly offset: number;
  /** A bad record in fresh bytes is held (network disks heal) from this time on, milliseconds. */
  readonly heldSince?: number;
  /** The file's size when the hold began: what lies beyond is held afresh. */
  readonly heldTo?: number;
  /** Zeros at the offset were waited for in vain and have been reported. */
  readonly reported?: true;
  /** The file could not be opened and that has been reported. */
  readonly unreadable?: true;
  /** A bad length ended the file at this offset; tried again when the file changes. */
  readonly stopped?: "corrupt-length" | "oversize-record";
  readonly damaged: number;
}

/** How a tag was settled by its first value (rule R9); `other` are tags of plugins that are no scalars. */
export type TagKind = "scalar" | "histogram" | "other";

/** All that survives of one log run between polls: files by base name, and the table of settled tags. JSON-able. */
export interface LogRunCursor {
  readonly files: Readonly<Record<string, FileCursor>>;
  readonly tags: Readonly<Record<string, TagKind>>;
  /** What has been reported once for the whole log run. */
  readonly told?: readonly RunNotice[];
  /** Where a place hands out points, not bytes: the newest point taken of each tag. */
  readonly newest?: Readonly<Record<string, NewestPoint>>;
}

/** Wall time in seconds; both are the largest seen, which after a restart need not be one point's. */
export interface NewestPoint {
  readonly step: number;
  readonly wallTime: number;
}

/** Findings about a log run as a whole: what the bounds left out (tags, long tags, histograms, hyper-parameters); two files that grow at once under one tag; series that a TensorBoard cannot hand out. */
export type RunNotice =
  "too-many-tags" | "long-tags" | "too-many-histograms" | "cut-hparams" | "two-writers" | "unreadable-series";

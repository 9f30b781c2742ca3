import type { LogRunCursor } from "./cursor.js";
import type { LogRunSlice, LogSource } from "./log-source.js";

export interface WholeRead {
  readonly root: string;
  readonly logRun: string;
  readonly now: number;
  /** Bytes a slice; bounds the memory that is held at once. */
  readonly sliceBytes?: number;
  readonly histograms?: boolean;
}

/** Reads a log run as it stands, from its first byte to its last, in slices; damage is taken as final. */
export async function* logRunSlices(source: LogSource, whole: WholeRead): AsyncGenerator<LogRunSlice> {
  const { root, logRun, now, sliceBytes = 4 * 1024 * 1024, histograms = false } = whole;
  let cursor: LogRunCursor | undefined;
  for (;;) {
    const slice = await source.read({
      root,
      logRun,
      cursor,
      atMostBytes: sliceBytes,
      now,
      patience: "dump",
      histograms,
    });
    yield slice;
    if (!slice.more) return;
    cursor = slice.cursor;
  }
}

import { setImmediate } from "node:timers/promises";
import type { LogSource } from "../eventlog/log-source.js";
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import { stopwatch } from "../lib/stopwatch.js";
import { ArchivedLogRun } from "./archived-log-run.js";

export interface ArchiveRequest {
  readonly root: string;
  readonly logRun: string;
  readonly tags: readonly string[];
  /** Reading stops after this time (milliseconds), with what it has; a later request goes on from there. */
  readonly withinMs: number;
}

/** The event files as the archive of what Redis no longer holds. */
export interface PointArchive {
  /** Log runs whose points are held at the moment. */
  readonly held: number;
  /** Undefined where the files cannot be read. */
  read(request: ArchiveRequest): Promise<ArchivedLogRun | undefined>;
}

export interface PointArchivePorts {
  readonly openSource: (root: string) => LogSource;
  readonly clock: Clock;
  readonly log: Log;
}

/** Bytes between two turns of the event loop: a few milliseconds of decoding. */
const sliceBytes = 512 * 1024;
/** Of one log run: 12 MB in memory. */
const mostPoints = 500_000;
const keptLogRuns = 32;
const keptPoints = 2_000_000;
const keptMs = 60_000;

/** Reads log runs again on demand, in turns with everything else, and keeps what was asked for lately: people ask twice. */
export function createPointArchive({ openSource, clock, log }: PointArchivePorts): PointArchive {
  const kept = new Map<string, { readonly reading: ArchivedLogRun; readonly at: number }>();

  /** Taken off the shelf while it is read on: two requests at once never share one. */
  const take = (key: string, tags: readonly string[]): ArchivedLogRun => {
    const found = kept.get(key);
    kept.delete(key);
    if (found === undefined || clock.now() - found.at > keptMs) return new ArchivedLogRun(tags);
    return found.reading.has(tags)
      ? found.reading
      : new ArchivedLogRun(new Set([...found.reading.tags, ...tags]));
  };

  let tidying: NodeJS.Timeout | undefined;
  /** Nobody asks again after a while: a process at rest does not hold what was asked for last. */
  const tidy = (): void => {
    const now = clock.now();
    for (const [key, { at }] of kept) if (now - at >= keptMs) kept.delete(key);
    tidying = kept.size === 0 ? undefined : setTimeout(tidy, keptMs).unref();
  };

  const keep = (key: string, reading: ArchivedLogRun): void => {
    const now = clock.now();
    kept.delete(key);
    kept.set(key, { reading, at: now });
    tidying ??= setTimeout(tidy, keptMs).unref();
    let points = [...kept.values()].reduce((sum, { reading: each }) => sum + each.points, 0);
    for (const [oldest, { reading: each, at }] of kept) {
      if (kept.size <= keptLogRuns && points <= keptPoints && now - at <= keptMs) break;
      kept.delete(oldest);
      points -= each.points;
    }
  };

  return {
    get held() {
      return kept.size;
    },
    read: async ({ root, logRun, tags, withinMs }) => {
      const key = JSON.stringify([root, logRun]);
      let reading = take(key, tags);
      const elapsed = stopwatch();
      try {
        const source = openSource(root);
        do {
          await setImmediate();
          const slice = await source.read({
            root,
            logRun,
            cursor: reading.cursor,
            atMostBytes: sliceBytes,
            now: clock.now(),
            patience: "dump",
          });
          // Another file took the place of one that was read: all of it is read anew.
          if (slice.replaced.length > 0 && reading.cursor !== undefined)
            reading = new ArchivedLogRun(reading.tags);
          else reading.take(slice);
        } while (!reading.isWhole && reading.points < mostPoints && elapsed() < withinMs);
      } catch (err) {
        log.warn({ root, logRun, err }, "archive_unreadable");
        return undefined;
      }
      keep(key, reading);
      return reading;
    },
  };
}

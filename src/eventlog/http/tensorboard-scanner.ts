import type { FoundLogRun, LogScanner, ScanIntervals, Sweep } from "../log-source.js";
import { objectInterval } from "../object-interval.js";
import { problemOf } from "../place-problem.js";
import { pointsBehind } from "./read-tensorboard-run.js";
import type { TensorBoardClient } from "./tensorboard-client.js";
import { TensorBoardFault } from "./tensorboard-fault.js";
import type { NewestPoint } from "../cursor.js";

/** What a look at one log run remembers. */
interface KnownRun {
  readonly name: string;
  tags: readonly string[];
  /** Newest points seen, only of the tags looked at. */
  readonly newest: Map<string, NewestPoint>;
  /** The tag that grew last: it is looked at every time, the others in turn. */
  watched: number;
  turn: number;
  changedAt: number;
  dueAt: number;
}

/** What a scanner and the reads of one TensorBoard share. */
export interface TensorBoardPlace {
  readonly client: TensorBoardClient;
  /** As last asked for; a read asks itself where that is long ago. */
  listed: { readonly at: number; readonly tags: ReadonlyMap<string, readonly string[]> } | undefined;
  /** Log run -> the newest points that reads of this process have taken, so that a look knows what is new. */
  readonly taken: Map<string, Readonly<Record<string, NewestPoint>>>;
  /** Log runs whose last read failed: they are called changed again. */
  readonly failed: Set<string>;
}

/**
 * TensorBoard does not tell what has changed: of each log run two series are looked at, more rarely the longer they stay
 * the same, and the list of tags.
 */
export class TensorBoardScanner implements LogScanner {
  readonly #place: TensorBoardPlace;
  readonly #intervals: ScanIntervals;
  readonly #runs = new Map<string, KnownRun>();
  #dueAt = -Infinity;
  #failures = 0;

  constructor(place: TensorBoardPlace, intervals: ScanIntervals) {
    this.#place = place;
    this.#intervals = intervals;
  }

  /** Without files there are no sizes to compare: after a restart every run is read once, and nothing of it twice. */
  prime(): void {
    return undefined;
  }

  logRuns(): readonly FoundLogRun[] {
    return [...this.#runs.keys()].map(found);
  }

  async sweep(now: number): Promise<Sweep> {
    const nothing = { changed: [], gone: [], problems: [], tookMs: 0 } as const;
    if (now < this.#dueAt) return { ...nothing, depth: "hot" };
    const started = performance.now();
    try {
      const tags = await this.#place.client.tags();
      this.#place.listed = { at: now, tags };
      const gone = [...this.#runs.keys()].filter((name) => !tags.has(name));
      for (const name of gone) {
        this.#runs.delete(name);
        this.#place.taken.delete(name);
      }
      const changed: string[] = [];
      for (const [name, names] of tags) if (await this.#look(name, names, now)) changed.push(name);
      this.#failures = 0;
      this.#dueAt = now + this.#intervals.knownMs;
      return {
        changed: changed.map(found),
        gone,
        depth: "walk",
        problems: [],
        tookMs: performance.now() - started,
      };
    } catch (error) {
      if (!(error instanceof TensorBoardFault)) throw error;
      this.#failures += 1;
      this.#dueAt = now + this.#pause(now, now);
      return { ...nothing, depth: "walk", problems: [problemOf(error)], tookMs: performance.now() - started };
    }
  }

  async #look(name: string, tags: readonly string[], now: number): Promise<boolean> {
    const known = this.#runs.get(name);
    if (known === undefined) {
      const fresh = { name, tags, newest: new Map(), watched: 0, turn: 0, changedAt: now, dueAt: now };
      this.#runs.set(name, { ...fresh, dueAt: now + this.#intervals.knownMs });
      return true;
    }
    const hasNewTags = known.tags.length !== tags.length;
    known.tags = tags;
    const isDue = now >= known.dueAt;
    const hasGrown = isDue && (await this.#hasGrown(known));
    if (hasGrown || hasNewTags) known.changedAt = now;
    if (isDue) known.dueAt = now + this.#pause(now, known.changedAt);
    const hasFailed = this.#place.failed.delete(name);
    return hasGrown || hasNewTags || hasFailed;
  }

  /** Looks at the series that grew last and at one other. */
  async #hasGrown(run: KnownRun): Promise<boolean> {
    run.turn = (run.turn + 1) % Math.max(1, run.tags.length);
    for (const index of new Set([run.watched, run.turn])) {
      const tag = run.tags[index];
      if (tag === undefined) continue;
      const points = await this.#place.client.points(run.name, tag);
      if (points === "unreadable") continue;
      const before = run.newest.get(tag) ?? this.#place.taken.get(run.name)?.[tag];
      const fresh = pointsBehind(before, points);
      for (const [wallTime, step] of fresh) {
        const { step: last = step, wallTime: latest = wallTime } = run.newest.get(tag) ?? {};
        run.newest.set(tag, { step: Math.max(step, last), wallTime: Math.max(wallTime, latest) });
      }
      if (fresh.length === 0) continue;
      run.watched = index;
      return true;
    }
    return false;
  }

  #pause(now: number, changedAt: number): number {
    const rest = { quietMs: now - changedAt, pages: 0, perMinute: 1, failures: this.#failures };
    return objectInterval(this.#intervals, rest);
  }
}

function found(name: string): FoundLogRun {
  return { name, files: [] };
}

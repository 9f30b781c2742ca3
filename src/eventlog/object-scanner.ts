import type { FoundLogRun, LogScanner, ScanIntervals, Sweep } from "./log-source.js";
import { objectInterval } from "./object-interval.js";
import { foundLogRun, ObjectListing, type ObjectFile, type ObjectRuns } from "./object-listing.js";
import type { ObjectPlace } from "./object-place.js";
import { ObjectFault } from "./object-store.js";
import { problemOf } from "./place-problem.js";

/** Watches a prefix of a bucket by listing it, rarely where nothing changes; never asks an object. */
export class ObjectScanner implements LogScanner {
  readonly #place: ObjectPlace;
  readonly #intervals: ScanIntervals;
  #primed: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map();
  #known: ObjectRuns = new Map();
  #dueAt = -Infinity;
  #changedAt = -Infinity;
  #failures = 0;

  constructor(place: ObjectPlace, intervals: ScanIntervals) {
    this.#place = place;
    this.#intervals = intervals;
  }

  prime(known: ReadonlyMap<string, ReadonlyMap<string, number>>): void {
    this.#primed = known;
  }

  logRuns(): readonly FoundLogRun[] {
    return [...this.#known.keys()].map((name) => foundLogRun(this.#known, name));
  }

  async sweep(now: number): Promise<Sweep> {
    if (now < this.#dueAt) return { changed: [], gone: [], depth: "hot", tookMs: 0, problems: [] };
    const started = performance.now();
    const { address, failed } = this.#place;
    const listing = new ObjectListing(address.prefix, address.shown);
    const sweep = { depth: "walk", changed: [], gone: [], problems: [] } as const;
    try {
      let from: string | undefined;
      do from = listing.add(await this.#place.list({ prefix: address.prefix, shallow: false, from }));
      while (from !== undefined);
    } catch (error) {
      if (!(error instanceof ObjectFault)) throw error;
      this.#failures += 1;
      this.#rest(now, listing.pages);
      return { ...sweep, problems: [problemOf(error)], tookMs: performance.now() - started };
    }
    this.#failures = 0;
    const { runs, problems } = listing;
    const changed = [...runs.keys()].filter((name) => this.#isChanged(name, runs, now) || failed.has(name));
    const gone = [...this.#known.keys()].filter((name) => !runs.has(name));
    failed.clear();
    this.#known = runs;
    this.#place.listed = { at: now, runs };
    this.#rest(now, listing.pages);
    return {
      ...sweep,
      changed: changed.map((name) => foundLogRun(runs, name)),
      gone,
      problems,
      tookMs: performance.now() - started,
    };
  }

  #isChanged(logRun: string, runs: ObjectRuns, now: number): boolean {
    const files = runs.get(logRun) ?? new Map<string, ObjectFile>();
    const before = this.#known.get(logRun);
    let isChanged = false;
    for (const [name, file] of files) {
      if (file.mtimeMs <= now) this.#changedAt = Math.max(this.#changedAt, file.mtimeMs);
      const known = before?.get(name);
      if (known === undefined) isChanged ||= this.#primed.get(logRun)?.get(name) !== file.size;
      else isChanged ||= known.version !== file.version || known.size !== file.size;
    }
    return isChanged || [...(before?.keys() ?? [])].some((name) => !files.has(name));
  }

  #rest(now: number, pages: number): void {
    this.#dueAt =
      now +
      objectInterval(this.#intervals, {
        quietMs: now - this.#changedAt,
        pages,
        perMinute: this.#place.pace.perMinute,
        failures: this.#failures,
      });
  }
}

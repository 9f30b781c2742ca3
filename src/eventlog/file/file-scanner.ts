import { setImmediate } from "node:timers/promises";
import type { FoundLogRun, LogScanner, ScanIntervals, Sweep } from "../log-source.js";
import { KnownFiles, runBound } from "./known-files.js";
import { KnownTree, type TreeChange } from "./known-tree.js";

export interface FileScannerOptions {
  readonly root: string;
  readonly intervals: ScanIntervals;
  /** Real paths a link may lead to; all where absent. */
  readonly allowedRoots?: readonly string[] | undefined;
  /** Milliseconds of a monotonic clock: how long sweeps take. */
  readonly elapsed?: () => number;
  readonly mostLogRuns?: number;
}

const smallTree = { directories: 1_000, walkMs: 20 } as const;
/** A sweep that takes more than this share of its interval means a slow share: the interval is stretched. */
const slowShare = 0.2;

/** Watches a mounted directory: hot files, known files and the tree, each at its own interval; only ever `stat` and `readdir`. */
export class FileScanner implements LogScanner {
  readonly #intervals: ScanIntervals;
  readonly #elapsed: () => number;
  readonly #tree: KnownTree;
  readonly #files: KnownFiles;
  #walkedAt = -Infinity;
  #knownAt = -Infinity;
  #walkTook = 0;
  #knownTook = 0;
  #saidSlow = false;

  constructor({ root, intervals, allowedRoots, elapsed, mostLogRuns = runBound }: FileScannerOptions) {
    this.#intervals = intervals;
    this.#elapsed = elapsed ?? (() => performance.now());
    this.#tree = new KnownTree(root, allowedRoots);
    this.#files = new KnownFiles(root, { hotForMs: intervals.hotForMs, mostLogRuns });
  }

  prime(known: ReadonlyMap<string, ReadonlyMap<string, number>>): void {
    this.#files.prime(known);
  }

  logRuns(): readonly FoundLogRun[] {
    return this.#files.logRuns();
  }

  async sweep(now: number): Promise<Sweep> {
    const depth = this.#depthAt(now);
    const started = this.#elapsed();
    const problems: string[] = [];
    const changed = new Set<string>();
    const gone = new Set<string>();
    if (depth === "walk") {
      this.#walkedAt = now;
      this.#take(await this.#walk(now, problems), { changed, gone });
      problems.push(...this.#files.takeProblems());
      this.#walkTook = this.#elapsed() - started;
    }
    const due =
      depth !== "hot" && now - this.#knownAt >= this.#stretched(this.#intervals.knownMs, this.#knownTook);
    if (due) this.#knownAt = now;
    const beforeStats = this.#elapsed();
    const vanished = await this.#stat(due ? "known" : "hot", now, changed);
    if (due) this.#knownTook = this.#elapsed() - beforeStats;
    for (const logRun of vanished) {
      this.#take(this.#tree.relist(logRun, now), { changed, gone });
    }
    if (due) this.#saySlow(problems);
    return {
      changed: [...changed].filter((name) => !gone.has(name)).map((name) => this.#files.logRun(name)),
      gone: [...gone],
      depth,
      tookMs: this.#elapsed() - started,
      problems,
    };
  }

  #depthAt(now: number): Sweep["depth"] {
    const { hotMs, knownMs, walkMs } = this.#intervals;
    const isSmall = this.#tree.directoryCount <= smallTree.directories && this.#walkTook < smallTree.walkMs;
    const walkEvery = isSmall ? hotMs : this.#stretched(walkMs, this.#walkTook);
    if (now - this.#walkedAt >= walkEvery) return "walk";
    return now - this.#knownAt >= this.#stretched(knownMs, this.#knownTook) ? "known" : "hot";
  }

  #stretched(interval: number, took: number): number {
    return Math.max(interval, took / slowShare);
  }

  #saySlow(problems: string[]): void {
    const isSlow = this.#knownTook > this.#intervals.knownMs * slowShare;
    if (isSlow && !this.#saidSlow) {
      problems.push(
        `looking at all files took ${Math.round(this.#knownTook)} ms: the share is slow, so they are looked at every ${Math.round(this.#stretched(this.#intervals.knownMs, this.#knownTook) / 1_000)} s`,
      );
    }
    this.#saidSlow = isSlow;
  }

  async #walk(now: number, problems: string[]): Promise<readonly TreeChange[]> {
    const changes: TreeChange[] = [];
    for (const change of this.#tree.walk(now)) {
      if (change === "pause") await setImmediate();
      else changes.push(change);
    }
    problems.push(...this.#tree.takeProblems());
    return changes;
  }

  async #stat(which: "known" | "hot", now: number, changed: Set<string>): Promise<ReadonlySet<string>> {
    const vanished = new Set<string>();
    for (const found of this.#files.stat(which, now)) {
      if (found === "pause") await setImmediate();
      else if (found.kind === "changed") changed.add(found.logRun);
      else vanished.add(found.logRun);
    }
    return vanished;
  }

  #take(changes: readonly TreeChange[], into: { changed: Set<string>; gone: Set<string> }): void {
    for (const { logRun, eventFiles } of changes) {
      const effect = this.#files.setNames(logRun, eventFiles);
      if (effect === "gone") into.gone.add(logRun);
      if (effect === "changed") into.changed.add(logRun);
    }
  }
}

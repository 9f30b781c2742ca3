import { setImmediate } from "node:timers/promises";
import type { FoundLogRun, LogScanner, ScanIntervals, Sweep } from "../log-source.js";
import { type KnownFile, KnownFiles, type Reach, runBound } from "./known-files.js";
import { KnownTree, type TreeChange } from "./known-tree.js";
import type { Found } from "./look-at.js";
import { SweepPace } from "./sweep-pace.js";
import { Turn } from "./turn.js";

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
/** Looks at a slow share that wait for their answers together. */
const slowAtOnce = 64;

/** Watches a mounted directory: hot files, known files and the tree, each at its own interval; only ever `stat` and `readdir`. */
export class FileScanner implements LogScanner {
  readonly #intervals: ScanIntervals;
  readonly #elapsed: () => number;
  readonly #tree: KnownTree;
  readonly #files: KnownFiles;
  readonly #walk: SweepPace;
  readonly #known: SweepPace;
  readonly #hot: SweepPace;

  constructor({ root, intervals, allowedRoots, elapsed, mostLogRuns = runBound }: FileScannerOptions) {
    this.#intervals = intervals;
    this.#elapsed = elapsed ?? (() => performance.now());
    this.#tree = new KnownTree(root, allowedRoots);
    this.#files = new KnownFiles(root, { hotForMs: intervals.hotForMs, mostLogRuns });
    this.#walk = new SweepPace(intervals.walkMs, "walking the tree", "it is walked");
    this.#known = new SweepPace(intervals.knownMs, "looking at all files", "they are looked at");
    this.#hot = new SweepPace(intervals.hotMs, "looking at the files that grow", "they are looked at");
  }

  prime(known: ReadonlyMap<string, ReadonlyMap<string, number>>): void {
    this.#files.prime(known);
  }

  logRuns(): readonly FoundLogRun[] {
    return this.#files.logRuns();
  }

  async sweep(now: number): Promise<Sweep> {
    const isSmall = this.#isSmall;
    const cold = isSmall ? "all" : "all by turns";
    const walks = isSmall ? now - this.#walk.at >= this.#intervals.hotMs * 0.9 : this.#walk.isDue(now);
    const knows = this.#known.isDue(now);
    const started = this.#elapsed();
    const problems: string[] = [];
    const changed = new Set<string>();
    const gone = new Set<string>();
    if (walks) {
      this.#take(await this.#walkTree(now, cold), { changed, gone });
      problems.push(...this.#tree.takeProblems(), ...this.#files.takeProblems());
      this.#walk.took(now, this.#elapsed() - started);
    }
    const vanished = await this.#look(knows ? cold : "hot", now, changed);
    for (const logRun of vanished) {
      this.#take(this.#tree.relist(logRun, now), { changed, gone });
    }
    problems.push(...[this.#known, this.#hot].flatMap((pace) => pace.takeProblem() ?? []));
    return {
      changed: [...changed].filter((name) => !gone.has(name)).map((name) => this.#files.logRun(name)),
      gone: [...gone],
      depth: walks ? "walk" : knows ? "known" : "hot",
      tookMs: this.#elapsed() - started,
      quiet: !this.#files.isBusy && !this.#isSmall,
      problems,
    };
  }

  get #isSmall(): boolean {
    return this.#tree.directoryCount <= smallTree.directories && this.#walk.lastTook < smallTree.walkMs;
  }

  async #walkTree(now: number, reach: "all" | "all by turns"): Promise<readonly TreeChange[]> {
    const changes: TreeChange[] = [];
    for (const change of this.#tree.walk(now, reach)) {
      if (change === "pause") await setImmediate();
      else changes.push(change);
    }
    return changes;
  }

  /** Looks at files, and measures it; those of a share that turned out slow are asked for together. */
  async #look(reach: Reach, now: number, changed: Set<string>): Promise<ReadonlySet<string>> {
    const pace = reach === "hot" ? this.#hot : this.#known;
    const vanished = new Set<string>();
    const note = (file: KnownFile, found: Found): void => {
      const finding = this.#files.take(file, found, now);
      if (finding !== undefined) (finding.kind === "changed" ? changed : vanished).add(finding.logRun);
    };
    if (reach === "hot" && this.#hot.isSlow(now) && !this.#hot.isDue(now)) return vanished;
    const started = this.#elapsed();
    const files = this.#files.due(reach, now);
    if (this.#known.isSlow(now) || this.#hot.isSlow(now)) {
      for (let at = 0; at < files.length; at += slowAtOnce) {
        const some = files.slice(at, at + slowAtOnce);
        const found = await Promise.all(some.map((file) => this.#files.lookSlowly(file, now)));
        some.forEach((file, index) => note(file, found[index]));
      }
    } else {
      const turn = new Turn();
      for (const file of files) {
        if (turn.isOver()) {
          await setImmediate();
          turn.begin();
        }
        note(file, this.#files.look(file, now));
      }
    }
    pace.took(now, this.#elapsed() - started);
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

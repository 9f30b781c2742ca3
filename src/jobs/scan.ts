import { join } from "node:path";
import type { LaneStore } from "../alerts/lane-store.js";
import type { RunStore } from "../alerts/run-store.js";
import { type LogRuns, sameLogRuns, type WatchRegistry } from "../alerts/watch-registry.js";
import type { FoundLogRun, LogScanner, LogSource, ScanIntervals } from "../eventlog/log-source.js";
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import { inBatches } from "../lib/in-batches.js";
import { isRemoteAddress } from "../lib/remote-address.js";
import { isListedOrGone, isReachable } from "../eventlog/reachable.js";
import { groupLogRuns } from "../series/group-log-runs.js";
import { type Run, type RunId, runIdOf } from "../series/run.js";
import type { Membership, Watch } from "../series/watch.js";
import { membersOf } from "./members-of.js";
import { emptyRunCommit } from "../alerts/empty-run-commit.js";
import { factsWithPast, pastOf } from "./quiet-past.js";
import type { Wakes } from "./wakes.js";

export interface ScanPorts {
  readonly registry: WatchRegistry;
  readonly runs: RunStore;
  readonly lanes: LaneStore;
  readonly wakes: Wakes;
  readonly clock: Clock;
  readonly log: Log;
  readonly intervals: ScanIntervals;
  readonly openSource: (root: string) => LogSource;
  /** A watch's quiet first pass is over where nothing is `left`. */
  onHistoryRead(watch: Watch, left: number): Promise<void>;
  /** The config's say in what is a split of what. */
  readonly regroup?: (
    watch: Watch,
    grouping: ReadonlyMap<string, Membership>,
  ) => ReadonlyMap<string, Membership>;
}

/** Looks at one watch and wakes an ingest for each run that changed; all it holds is what the last look saw. */
export class WatchScan {
  readonly #ports: ScanPorts;
  #watch: Watch;
  #scanner: LogScanner | undefined;
  #grouping = new Map<string, Membership>();
  /** Run -> its log runs and their splits; rebuilt when the grouping changes. */
  #members = new Map<string, LogRuns>();
  #looking = false;
  #quiet = false;
  /** Whether the root was there and walked whole once: from then on the scanner knows what vanishes. */
  #walked = false;
  readonly #said = new Set<string>();
  /** What a look found and could not yet store or tell: a failing Redis must not make a change forgotten. */
  readonly #changed = new Set<string>();
  readonly #gone = new Set<string>();
  readonly #unstored = new Set<string>();
  readonly #owed = new Set<string>();

  constructor(ports: ScanPorts, watch: Watch) {
    this.#ports = ports;
    this.#watch = watch;
  }

  /** Whether the last look found nothing that asks for a look every second. */
  get isQuiet(): boolean {
    return this.#quiet;
  }

  /** A look that takes longer than the interval is not overtaken by the next one. */
  async look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      await this.#lookOnce();
    } finally {
      this.#looking = false;
    }
  }

  async #lookOnce(): Promise<void> {
    const scanner = (this.#scanner ??= await this.#open());
    // Before the sweep: a root that comes into being between the two was not walked.
    const isThere = this.#walked || (await isReachable(this.#watch.root));
    const sweep = await scanner.sweep(this.#ports.clock.now());
    this.#quiet = sweep.quiet === true;
    this.#tell(sweep.problems);
    if (isRemoteAddress(this.#watch.root) && sweep.depth === "walk") this.#forgive(sweep.problems);
    for (const { name } of sweep.changed) this.#changed.add(name);
    for (const name of sweep.gone) this.#gone.add(name);
    if (!this.#walked && isThere && sweep.depth === "walk" && sweep.problems.length === 0) {
      for (const name of await this.#vanished(scanner.logRuns())) this.#gone.add(name);
      this.#walked = true;
    }
    // The list of all log runs is made only where it is wanted: a look every second at 10,000 of them is to cost nothing.
    if (this.#gone.size > 0) await this.#lose(scanner.logRuns());
    if ([...this.#changed].some((name) => !this.#grouping.has(name))) await this.#group(scanner.logRuns());
    for (const name of this.#changed) this.#owe(this.#grouping.get(name)?.run);
    this.#changed.clear();
    // A root that is not there yet has a past nobody has seen: a share that is mounted late stays quiet too.
    if (this.#watch.phase === "new" && (this.#walked || scanner.logRuns().length > 0)) await this.#prime();
    await this.#wake();
  }

  /** Takes up what a former process knew, and what it left half done: a run whose make-up is not what was stored is looked at again. */
  async #open(): Promise<LogScanner> {
    const { registry, runs, openSource, intervals } = this.#ports;
    const { id, root } = this.#watch;
    const scanner = openSource(root).scanner(root, intervals);
    this.#grouping = new Map(await registry.grouping(id));
    this.#members = membersOf(this.#grouping);
    const known = new Map<string, ReadonlyMap<string, number>>();
    const names = new Set([...(await registry.runs(id)).values(), ...this.#members.keys()]);
    await inBatches([...names], async (name) => {
      const run = this.#id(name);
      const [stored, found] = await Promise.all([runs.cursors(run), registry.found(id, run)]);
      for (const [logRun, cursor] of stored?.cursors ?? []) {
        const files = Object.entries(cursor.files).map(
          ([file, { identity }]) => [file, identity.size] as const,
        );
        known.set(logRun, new Map(files));
      }
      const logRuns = this.#members.get(name) ?? {};
      if (found === undefined || !sameLogRuns(found.logRuns, logRuns)) this.#unstored.add(name);
      if (found === undefined || !sameLogRuns(stored?.logRuns ?? {}, logRuns)) this.#owe(name);
    });
    scanner.prime(known);
    return scanner;
  }

  /** Says each problem of the disk once. */
  #tell(problems: readonly string[]): void {
    for (const problem of problems) {
      if (this.#said.has(problem) || this.#said.size > 1_000) continue;
      this.#said.add(problem);
      this.#ports.log.warn({ root: this.#watch.root, problem }, "scan_problem");
    }
  }

  /** A place elsewhere names its problems at every look: those that are over may be told again should they come back. */
  #forgive(problems: readonly string[]): void {
    const over = [...this.#said].filter((problem) => !problems.includes(problem));
    for (const problem of over) this.#said.delete(problem);
    if (over.length > 0) this.#ports.log.info({ root: this.#watch.root, over }, "scan_recovered");
  }

  /** Log runs that went while nobody looked. A root that is empty at the start may be a mount point without its share. */
  async #vanished(found: readonly FoundLogRun[]): Promise<readonly string[]> {
    if (found.length === 0) return [];
    const there = new Set(found.map(({ name }) => name));
    const missing = [...this.#grouping.keys()].filter((name) => !there.has(name));
    if (isRemoteAddress(this.#watch.root)) return missing;
    const vanished: string[] = [];
    await inBatches(missing, async (name) => {
      if (await isListedOrGone(join(this.#watch.root, name))) vanished.push(name);
    });
    return vanished;
  }

  /** Log runs whose files are gone leave their run; a run without any is over. */
  async #lose(found: readonly FoundLogRun[]): Promise<void> {
    const there = new Set(found.map(({ name }) => name));
    const gone = [...this.#gone].filter((name) => !there.has(name));
    await this.#ports.registry.ungroup(this.#watch.id, gone);
    for (const name of gone) {
      this.#restock(this.#grouping.get(name)?.run);
      this.#grouping.delete(name);
      this.#changed.delete(name);
    }
    this.#gone.clear();
    this.#members = membersOf(this.#grouping);
  }

  /** Sorts log runs into runs. A run that has spoken keeps its shape; one that has not may still be sorted anew. */
  async #group(logRuns: readonly FoundLogRun[]): Promise<void> {
    const { registry, regroup, runs } = this.#ports;
    const found = groupLogRuns(logRuns.map((logRun) => logRun.name));
    const wanted = regroup === undefined ? found : regroup(this.#watch, found);
    const changes = new Map<string, Membership>();
    const released = new Set<string>();
    for (const [name, membership] of wanted) {
      const before = this.#grouping.get(name);
      if (before?.run === membership.run && before.split === membership.split) continue;
      if (before !== undefined && !released.has(before.run) && (await this.#isTalkedAbout(before.run)))
        continue;
      if (before !== undefined) released.add(before.run);
      changes.set(name, membership);
    }
    await this.#bequeathQuiet(changes, released);
    const sorting = { grouping: this.#grouping, changes, released };
    const past = await pastOf(runs, sorting, (name) => this.#id(name));
    for (const [heir, upTo] of past)
      if (!released.has(heir))
        await runs.commit({ ...emptyRunCommit(this.#run(heir)), facts: factsWithPast(upTo) });
    await registry.group(this.#watch.id, changes);
    for (const [name, membership] of changes) {
      this.#grouping.set(name, membership);
      this.#restock(membership.run);
    }
    this.#members = membersOf(this.#grouping);
    for (const run of released) await this.#release(run, past.get(run));
  }

  async #isTalkedAbout(run: string): Promise<boolean> {
    const { lanes } = this.#ports;
    for (const lane of await lanes.lanes()) {
      if ((await lanes.thread(lane, this.#id(run))) !== undefined) return true;
    }
    return false;
  }

  /** What was to be read as history stays history under another run's name. */
  async #bequeathQuiet(
    changes: ReadonlyMap<string, Membership>,
    released: ReadonlySet<string>,
  ): Promise<void> {
    const { registry } = this.#ports;
    const { id } = this.#watch;
    const quiet = new Set<string>();
    for (const run of released) if (await registry.isPriming(id, this.#id(run))) quiet.add(run);
    const heirs = [...changes].flatMap(([name, { run }]) =>
      quiet.has(this.#grouping.get(name)?.run ?? "") ? [this.#id(run)] : [],
    );
    if (heirs.length > 0) await registry.prime(this.#watch, heirs);
  }

  /** Drops what was made of a run whose log runs were sorted anew; what is still of it is read again, quietly up to `quietUpTo`. */
  async #release(run: string, quietUpTo: number | undefined): Promise<void> {
    const { registry, runs, log } = this.#ports;
    log.info({ root: this.#watch.root, run }, "run_regrouped");
    if (quietUpTo === undefined) await runs.forget(this.#id(run));
    else await runs.beginAnew(this.#run(run), factsWithPast(quietUpTo));
    if (this.#members.has(run)) this.#restock(run);
    else await registry.removeRun(this.#watch.id, this.#id(run));
  }

  /** Everything found by the first walk is history: read quietly, summed up once. What an earlier life of the watch left is read anew. */
  async #prime(): Promise<void> {
    const { registry, runs } = this.#ports;
    const current = (await registry.list()).find(({ id }) => id === this.#watch.id);
    if (current === undefined) return;
    if (current.phase === "new") {
      await this.#store();
      const found = [...this.#members.keys()].map((name) => this.#id(name));
      await inBatches(found, async (run) => {
        if ((await runs.head(run)) !== undefined) await runs.forget(run);
      });
      await registry.prime(current, found);
      this.#watch = { ...current, phase: "priming" };
      if (found.length === 0) await this.#ports.onHistoryRead(this.#watch, 0);
    } else this.#watch = current;
  }

  /** Writes down what runs consist of, before anybody is told to read them. */
  async #store(): Promise<void> {
    const { registry } = this.#ports;
    await inBatches([...this.#unstored], async (name) => {
      const logRuns = this.#members.get(name) ?? {};
      await registry.setLogRuns(this.#watch.id, this.#id(name), logRuns);
      await registry.addRun(this.#watch.id, this.#id(name), name);
      this.#unstored.delete(name);
    });
  }

  async #wake(): Promise<void> {
    await this.#store();
    for (const run of [...this.#owed]) {
      await this.#ports.wakes.ingest(this.#id(run));
      this.#owed.delete(run);
    }
  }

  #owe(run: string | undefined): void {
    if (run !== undefined) this.#owed.add(run);
  }

  /** A run consists of other log runs than before. */
  #restock(run: string | undefined): void {
    if (run === undefined) return;
    this.#unstored.add(run);
    this.#owed.add(run);
  }

  #run(name: string): Run {
    return { watch: this.#watch.id, name };
  }

  #id(name: string): RunId {
    return runIdOf(this.#run(name));
  }
}

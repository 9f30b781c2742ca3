import type { LaneStore } from "../alerts/lane-store.js";
import type { RunStore } from "../alerts/run-store.js";
import type { WatchRegistry } from "../alerts/watch-registry.js";
import type { FoundLogRun, LogScanner, LogSource, ScanIntervals } from "../eventlog/log-source.js";
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import { groupLogRuns } from "../series/group-log-runs.js";
import { type RunId, runIdOf } from "../series/run.js";
import type { Membership, Watch } from "../series/watch.js";
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

/** Runs read back together at the start: enough to hide the round trips. */
const loadedAtOnce = 100;

/** Looks at one watch and wakes an ingest for each run that changed; all it holds is what the last look saw. */
export class WatchScan {
  readonly #ports: ScanPorts;
  #watch: Watch;
  #scanner: LogScanner | undefined;
  #grouping = new Map<string, Membership>();
  /** Run -> its log runs and their splits; rebuilt when the grouping changes. */
  #members = new Map<string, Record<string, string>>();
  #looking = false;
  readonly #said = new Set<string>();
  /** Log runs seen changed whose run could not be woken yet: a failing Redis must not make a change forgotten. */
  readonly #owed = new Set<string>();

  constructor(ports: ScanPorts, watch: Watch) {
    this.#ports = ports;
    this.#watch = watch;
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
    const sweep = await scanner.sweep(this.#ports.clock.now());
    this.#tell(sweep.problems);
    for (const logRun of sweep.changed) this.#owed.add(logRun.name);
    if (sweep.gone.length > 0) await this.#lose(sweep.gone);
    const unknown = sweep.changed.filter((logRun) => !this.#grouping.has(logRun.name));
    if (unknown.length > 0) await this.#group(scanner.logRuns());
    if (this.#watch.phase === "new") await this.#prime();
    await this.#wake();
  }

  async #open(): Promise<LogScanner> {
    const { registry, runs, openSource, intervals } = this.#ports;
    const scanner = openSource(this.#watch.root).scanner(this.#watch.root, intervals);
    this.#grouping = new Map(await registry.grouping(this.#watch.id));
    this.#count();
    const known = new Map<string, ReadonlyMap<string, number>>();
    const found = [...(await registry.runs(this.#watch.id)).keys()];
    for (let at = 0; at < found.length; at += loadedAtOnce) {
      const stored = await Promise.all(found.slice(at, at + loadedAtOnce).map((run) => runs.load(run)));
      for (const [logRun, cursor] of stored.flatMap((run) => [...(run?.cursors ?? [])])) {
        known.set(
          logRun,
          new Map(Object.entries(cursor.files).map(([file, { identity }]) => [file, identity.size])),
        );
      }
    }
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

  /** Log runs whose files are gone leave their run; a run without any is over. */
  async #lose(gone: readonly string[]): Promise<void> {
    const runs = new Set(gone.flatMap((name) => this.#grouping.get(name)?.run ?? []));
    for (const name of gone) this.#grouping.delete(name);
    await this.#ports.registry.ungroup(this.#watch.id, gone);
    this.#count();
    for (const run of runs) {
      await this.#ports.wakes.ingest({
        id: this.#id(run),
        run: { watch: this.#watch.id, name: run },
        logRuns: this.#members.get(run) ?? {},
      });
    }
  }

  /** Sorts log runs into runs. A run that has spoken keeps its shape; one that has not may still be sorted anew. */
  async #group(logRuns: readonly FoundLogRun[]): Promise<void> {
    const { registry, regroup } = this.#ports;
    const found = groupLogRuns(logRuns.map((logRun) => logRun.name));
    const wanted = regroup === undefined ? found : regroup(this.#watch, found);
    const changes = new Map<string, Membership>();
    for (const [name, membership] of wanted) {
      const before = this.#grouping.get(name);
      if (before !== undefined && before.run === membership.run && before.split === membership.split)
        continue;
      if (before !== undefined && !(await this.#release(before.run))) continue;
      changes.set(name, membership);
    }
    await registry.group(this.#watch.id, changes);
    for (const [name, membership] of changes) {
      this.#grouping.set(name, membership);
      this.#owed.add(name);
    }
    this.#count();
    for (const run of new Set([...changes.values()].map((membership) => membership.run))) {
      await registry.addRun(this.#watch.id, this.#id(run), run);
    }
  }

  /** Drops a run whose log runs now belong elsewhere, unless people are already talking about it. */
  async #release(run: string): Promise<boolean> {
    const { registry, runs, lanes, log } = this.#ports;
    const id = this.#id(run);
    for (const lane of await lanes.lanes()) {
      if ((await lanes.thread(lane, id)) !== undefined) return false;
    }
    log.info({ root: this.#watch.root, run }, "run_regrouped");
    await runs.forget(id);
    await registry.removeRun(this.#watch.id, id);
    return true;
  }

  /** Everything found by the first walk is history: read quietly, summed up once. */
  async #prime(): Promise<void> {
    const runs = [...new Set([...this.#grouping.values()].map((membership) => this.#id(membership.run)))];
    await this.#ports.registry.prime(this.#watch, runs);
    this.#watch = { ...this.#watch, phase: "priming" };
    if (runs.length === 0) await this.#ports.onHistoryRead(this.#watch, 0);
  }

  async #wake(): Promise<void> {
    if (this.#owed.size === 0) return;
    const woken = new Set<string>();
    for (const name of [...this.#owed]) {
      const run = this.#grouping.get(name)?.run;
      const logRuns = run === undefined ? undefined : this.#members.get(run);
      if (run !== undefined && logRuns !== undefined && !woken.has(run)) {
        woken.add(run);
        await this.#ports.wakes.ingest({
          id: this.#id(run),
          run: { watch: this.#watch.id, name: run },
          logRuns,
        });
      }
      this.#owed.delete(name);
    }
  }

  #count(): void {
    this.#members = new Map();
    for (const [name, membership] of this.#grouping) {
      const logRuns = this.#members.get(membership.run) ?? {};
      logRuns[name] = membership.split;
      this.#members.set(membership.run, logRuns);
    }
  }

  #id(run: string): RunId {
    return runIdOf({ watch: this.#watch.id, name: run });
  }
}

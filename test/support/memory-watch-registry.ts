import type { LogRuns, WatchRegistry } from "../../src/alerts/watch-registry.js";
import type { RunId, WatchId } from "../../src/series/run.js";
import type { Membership, Watch } from "../../src/series/watch.js";

interface Known {
  readonly runs: Map<RunId, string>;
  readonly logRuns: Map<RunId, LogRuns>;
  readonly grouping: Map<string, Membership>;
  readonly priming: Set<RunId>;
}

/** Watches and their runs in memory. */
export class MemoryWatchRegistry implements WatchRegistry {
  readonly #watches = new Map<WatchId, Watch>();
  readonly #known = new Map<WatchId, Known>();
  readonly #deadlines = new Map<RunId, number>();

  list: WatchRegistry["list"] = () =>
    Promise.resolve([...this.#watches.values()].sort((a, b) => (a.root < b.root ? -1 : 1)));

  put: WatchRegistry["put"] = (watch) => done(() => this.#watches.set(watch.id, watch));

  remove: WatchRegistry["remove"] = (id) =>
    done(() => {
      this.#watches.delete(id);
      this.#known.delete(id);
    });

  runs: WatchRegistry["runs"] = (id) => Promise.resolve(new Map(this.#of(id).runs));

  addRun: WatchRegistry["addRun"] = (id, run, name) => done(() => this.#of(id).runs.set(run, name));

  removeRun: WatchRegistry["removeRun"] = (id, run) =>
    done(() => {
      const known = this.#of(id);
      known.priming.delete(run);
      known.logRuns.delete(run);
      known.runs.delete(run);
    });

  setLogRuns: WatchRegistry["setLogRuns"] = (id, run, logRuns) =>
    done(() => this.#of(id).logRuns.set(run, logRuns));

  found: WatchRegistry["found"] = (id, run) => {
    const name = this.#of(id).runs.get(run);
    const logRuns = this.#of(id).logRuns.get(run);
    return Promise.resolve(name === undefined || logRuns === undefined ? undefined : { name, logRuns });
  };

  grouping: WatchRegistry["grouping"] = (id) => Promise.resolve(new Map(this.#of(id).grouping));

  group: WatchRegistry["group"] = (id, memberships) =>
    done(() => {
      for (const [name, membership] of memberships) this.#of(id).grouping.set(name, membership);
    });

  ungroup: WatchRegistry["ungroup"] = (id, logRuns) =>
    done(() => {
      for (const name of logRuns) this.#of(id).grouping.delete(name);
    });

  prime: WatchRegistry["prime"] = (watch, runs) =>
    done(() => {
      for (const run of runs) this.#of(watch.id).priming.add(run);
      this.#watches.set(watch.id, { ...watch, phase: "priming" });
    });

  primed: WatchRegistry["primed"] = (id, run) => {
    this.#of(id).priming.delete(run);
    return Promise.resolve(this.#of(id).priming.size);
  };

  isPriming: WatchRegistry["isPriming"] = (id, run) => Promise.resolve(this.#of(id).priming.has(run));

  priming: WatchRegistry["priming"] = (id) => Promise.resolve([...this.#of(id).priming]);

  setDeadline: WatchRegistry["setDeadline"] = (run, due) =>
    done(() => (due === undefined ? this.#deadlines.delete(run) : this.#deadlines.set(run, due)));

  due: WatchRegistry["due"] = (now, atMost) =>
    Promise.resolve(
      [...this.#deadlines]
        .filter(([, due]) => due <= now)
        .sort(([, a], [, b]) => a - b)
        .slice(0, atMost)
        .map(([run]) => run),
    );

  #of(id: WatchId): Known {
    const known = this.#known.get(id) ?? {
      runs: new Map(),
      logRuns: new Map(),
      grouping: new Map(),
      priming: new Set(),
    };
    this.#known.set(id, known);
    return known;
  }
}

function done(change: () => unknown): Promise<void> {
  change();
  return Promise.resolve();
}

/** Which run a log run belongs to, and as which split of it; the empty split is the run's own log run. */
export interface LogRunPlace {
  readonly run: string;
  readonly split: string;
}

/**
 * Groups log runs (paths, `.` is the root) into runs with splits, by names alone. `train`, `validation`, `val` and `eval`
 * are splits of the directory they stand in, unless it holds other log runs too; `test` only beside one of them. Sub-runs
 * (add_scalars, hparams, estimator's `eval_…`) belong to the nearest directory above that has event files of its own;
 * names that count runs (`version_0`, `seed3`) never do. The root takes sub-runs only where it holds nothing else.
 */
export function groupLogRuns(names: readonly string[]): ReadonlyMap<string, LogRunPlace> {
  const tree = new LogRunTree(names);
  return new Map(names.map((name) => [name, tree.placeOf(name)]));
}

const phases: ReadonlySet<string> = new Set(["train", "validation", "val", "eval"]);
const countedRun = /^(?:version|run|trial|seed|fold|exp|experiment|job|attempt)[_-]?\d+$/iu;
/** torch names the sub-run of add_hparams by the time in seconds. */
const timeStamp = /^\d{9,}\.\d+$/u;

interface Directory {
  /** Names of direct children that are log runs. */
  readonly children: Set<string>;
  /** Log runs below, and how many of them lie in or below a child named like a phase. */
  below: number;
  readonly belowChild: Map<string, number>;
}

function emptyDirectory(): Directory {
  return { children: new Set(), below: 0, belowChild: new Map() };
}

class LogRunTree {
  readonly #names: ReadonlySet<string>;
  readonly #directories = new Map<string, Directory>();
  readonly #places = new Map<string, LogRunPlace>();
  readonly #rootTakes: boolean;

  constructor(names: readonly string[]) {
    this.#names = new Set(names);
    for (const name of names) this.#count(name);
    this.#rootTakes = this.#names.has(".") && this.#holdsSubRunsOnly();
  }

  placeOf(path: string): LogRunPlace {
    const known = this.#places.get(path);
    if (known !== undefined) return known;
    const place = this.#find(path);
    this.#places.set(path, place);
    return place;
  }

  #find(path: string): LogRunPlace {
    const parts = path === "." ? [] : path.split("/");
    for (let depth = parts.length - 1; depth >= 0; depth -= 1) {
      const above = depth === 0 ? "." : parts.slice(0, depth).join("/");
      if (!this.#takes(above, parts[depth] ?? "")) continue;
      const owner = this.placeOf(above);
      const rest = parts.slice(depth).join("/");
      return { run: owner.run, split: owner.split === "" ? rest : `${owner.split}/${rest}` };
    }
    return { run: path, split: "" };
  }

  /** Whether what lies in `child` of `directory` is part of the run that `directory` is. */
  #takes(directory: string, child: string): boolean {
    if (this.#isPhase(directory, child)) return true;
    if (!this.#names.has(directory)) return false;
    return directory === "." ? this.#rootTakes : !countedRun.test(child);
  }

  #isPhase(directory: string, child: string): boolean {
    const found = this.#directories.get(directory);
    if (found === undefined || !found.children.has(child)) return false;
    const present = [...phases].filter((phase) => found.children.has(phase));
    if (present.length === 0) return false;
    if (!phases.has(child) && child !== "test") return false;
    if (this.#names.has(directory) && directory !== ".") return true;
    const splits = found.children.has("test") ? [...present, "test"] : present;
    const inSplits = splits.reduce((sum, split) => sum + (found.belowChild.get(split) ?? 0), 0);
    return inSplits === found.below || (directory === "." && this.#rootTakes);
  }

  #count(name: string): void {
    if (name === ".") return;
    const parts = name.split("/");
    for (let depth = 0; depth < parts.length; depth += 1) {
      const above = depth === 0 ? "." : parts.slice(0, depth).join("/");
      const child = parts[depth] ?? "";
      const directory = this.#directories.get(above) ?? emptyDirectory();
      this.#directories.set(above, directory);
      directory.below += 1;
      if (depth === parts.length - 1) directory.children.add(child);
      if (phases.has(child) || child === "test") {
        directory.belowChild.set(child, (directory.belowChild.get(child) ?? 0) + 1);
      }
    }
  }

  /** Whether every log run below the root looks like a part of one run whose writer stands in the root. */
  #holdsSubRunsOnly(): boolean {
    const root = this.#directories.get(".");
    if (root === undefined || root.children.size !== root.below) return false;
    const siblings = new Map<string, number>();
    for (const child of root.children) {
      const stem = stemOf(child);
      if (stem !== undefined) siblings.set(stem, (siblings.get(stem) ?? 0) + 1);
    }
    return [...root.children].every((child) => {
      if (phases.has(child) || child === "test" || timeStamp.test(child)) return true;
      const stem = stemOf(child);
      return stem !== undefined && (siblings.get(stem) ?? 0) > 1;
    });
  }
}

/** What add_scalars' sub-runs of one call share: `loss` of `loss_train` and `loss_val`; none for counted names. */
function stemOf(name: string): string | undefined {
  const at = name.lastIndexOf("_");
  return at <= 0 || /^\d*$/u.test(name.slice(at + 1)) ? undefined : name.slice(0, at);
}

import type { FoundLogRun, LogFile } from "../log-source.js";
import { onDisk } from "./byte-names.js";
import { byCodePoints } from "./list-log-run.js";
import { type Found, lookAt, lookAtSlowly, type LookAt } from "./look-at.js";
import { isNetworkMount } from "./network-mount.js";
import { isResting } from "./rest.js";

/** Log runs below one root that are watched. */
export const runBound = 50_000;

/** How often a file on a network mount is opened although its attributes have not changed. */
const reopenAfterMs = 60_000;

export interface KnownFilesOptions {
  /** A file that grew within this time is hot. */
  readonly hotForMs: number;
  readonly mostLogRuns: number;
  /** Whether attributes may be old; by the mount's kind where absent. */
  readonly isRemote?: boolean;
  /** How a file is looked at; the file system where absent. */
  readonly look?: (request: LookAt) => Found;
}

/** Which files are looked at: new and hot ones; all; or all but those that rest. */
export type Reach = "hot" | "all" | "all by turns";

export interface KnownFile {
  readonly logRun: string;
  readonly name: string;
  readonly path: string | Buffer;
  /** A number of its own. */
  readonly place: number;
  size: number;
  mtimeMs: number;
  /** When it was last seen to change, or -Infinity. */
  changedAt: number;
  /** Size that a former process had consumed: a first look that finds it is no change. */
  primed: number;
  openedAt: number;
}

interface KnownRun {
  readonly name: string;
  files: readonly KnownFile[];
}

export interface FileFinding {
  readonly kind: "changed" | "vanished";
  readonly logRun: string;
}

/** Size and time of every event file as last seen; the files that changed lately are looked at more often. */
export class KnownFiles {
  readonly #root: string;
  readonly #hotForMs: number;
  readonly #mostLogRuns: number;
  #isFull: "untold" | "told" | undefined;
  readonly #isRemote: boolean;
  readonly #look: (request: LookAt) => Found;
  readonly #runs = new Map<string, KnownRun>();
  readonly #hot = new Set<KnownFile>();
  readonly #fresh = new Set<KnownFile>();
  #places = 0;
  /** Sweeps over all files so far. */
  #sweeps = 0;
  #primed = new Map<string, ReadonlyMap<string, number>>();

  constructor(root: string, { hotForMs, mostLogRuns, isRemote, look = lookAt }: KnownFilesOptions) {
    this.#root = root;
    this.#hotForMs = hotForMs;
    this.#mostLogRuns = mostLogRuns;
    this.#isRemote = isRemote ?? isNetworkMount(root);
    this.#look = look;
  }

  /** That there are more log runs than are watched, the first time it is so. */
  takeProblems(): readonly string[] {
    if (this.#isFull !== "untold") return [];
    this.#isFull = "told";
    return [`more than ${this.#mostLogRuns} log runs below ${this.#root}: the rest is not watched`];
  }

  /** Whether a look at hot files alone has something to do. */
  get isBusy(): boolean {
    return this.#hot.size > 0 || this.#fresh.size > 0;
  }

  prime(known: ReadonlyMap<string, ReadonlyMap<string, number>>): void {
    this.#primed = new Map(known);
  }

  logRuns(): readonly FoundLogRun[] {
    return [...this.#runs.keys()].map((name) => this.logRun(name));
  }

  logRun(name: string): FoundLogRun {
    const files = this.#runs.get(name)?.files ?? [];
    return {
      name,
      files: files.map(({ name: file, size, mtimeMs }): LogFile => ({ name: file, size, mtimeMs })),
    };
  }

  /** Takes a directory's event files as listed now; sizes follow with the next `stat`. */
  setNames(logRun: string, names: readonly string[]): "gone" | "changed" | "same" {
    const before = this.#runs.get(logRun);
    const kept = new Map((before?.files ?? []).map((file) => [file.name, file]));
    if (names.length === 0) {
      for (const file of kept.values()) this.#drop(file);
      return this.#runs.delete(logRun) ? "gone" : "same";
    }
    if (before === undefined && this.#runs.size >= this.#mostLogRuns) {
      this.#isFull ??= "untold";
      return "same";
    }
    const directory = logRun === "." ? this.#root : `${this.#root}/${logRun}`;
    const files = [...names].sort(byCodePoints).map((name): KnownFile => {
      const known = kept.get(name);
      kept.delete(name);
      if (known !== undefined) return known;
      const file: KnownFile = {
        logRun,
        name,
        path: onDisk(`${directory}/${name}`),
        place: (this.#places += 1),
        size: -1,
        mtimeMs: -1,
        changedAt: -Infinity,
        openedAt: -Infinity,
        primed: this.#primed.get(logRun)?.get(name) ?? -1,
      };
      this.#fresh.add(file);
      return file;
    });
    for (const file of kept.values()) this.#drop(file);
    this.#runs.set(logRun, { name: logRun, files });
    this.#primed.delete(logRun);
    return kept.size > 0 ? "changed" : "same";
  }

  /** The files that are to be looked at now. */
  due(reach: Reach, now: number): readonly KnownFile[] {
    if (reach === "hot") return [...this.#fresh, ...this.#hot];
    this.#sweeps += 1;
    const files: KnownFile[] = [];
    for (const run of this.#runs.values()) {
      for (const file of run.files) {
        if (reach === "all" || !this.#rests(file, now)) files.push(file);
      }
    }
    return files;
  }

  look(file: KnownFile, now: number): Found {
    return this.#look(this.#request(file, now));
  }

  lookSlowly(file: KnownFile, now: number): Promise<Found> {
    return lookAtSlowly(this.#request(file, now));
  }

  /** Takes what a look found; says where a log run changed or lost a file. */
  take(file: KnownFile, found: Found, now: number): FileFinding | undefined {
    const isFresh = this.#fresh.size > 0 && this.#fresh.delete(file);
    if (found === "unreadable") return undefined;
    if (found === undefined) return { kind: "vanished", logRun: file.logRun };
    if (found.size === file.size && found.mtimeMs === file.mtimeMs) {
      if (this.#hot.size > 0 && this.#hot.has(file) && !this.#isHot(file, now)) this.#hot.delete(file);
      return undefined;
    }
    file.size = found.size;
    file.mtimeMs = found.mtimeMs;
    if (!isFresh) file.changedAt = now;
    if (this.#isHot(file, now)) this.#hot.add(file);
    return isFresh && found.size === file.primed ? undefined : { kind: "changed", logRun: file.logRun };
  }

  /** On a network mount attributes may be a minute old, but opening a file makes the client ask the server. */
  #request(file: KnownFile, now: number): LookAt {
    if (!this.#isRemote || now - file.openedAt < reopenAfterMs) return { path: file.path, by: "stat" };
    file.openedAt = now;
    return { path: file.path, by: "open" };
  }

  #isHot(file: KnownFile, now: number): boolean {
    const newest = Math.max(file.changedAt, file.mtimeMs <= now ? file.mtimeMs : -Infinity);
    return now - newest < this.#hotForMs;
  }

  #rests({ place, size, mtimeMs, changedAt }: KnownFile, now: number): boolean {
    return (
      size >= 0 &&
      isResting({ kind: "file", place, silentMs: now - Math.max(mtimeMs, changedAt) }, this.#sweeps)
    );
  }

  #drop(file: KnownFile): void {
    this.#hot.delete(file);
    this.#fresh.delete(file);
  }
}

import { closeSync, fstatSync, openSync, statSync, type Stats } from "node:fs";
import type { FoundLogRun, LogFile } from "../log-source.js";
import { onDisk } from "./byte-names.js";
import { byCodePoints } from "./list-log-run.js";
import { isNetworkMount } from "./network-mount.js";
import { Turn } from "./turn.js";

/** Log runs below one root that are watched. */
export const runBound = 50_000;

/** How often a file on a network mount is opened although its attributes have not changed. */
const reopenAfterMs = 60_000;

interface KnownFile {
  readonly logRun: string;
  readonly name: string;
  readonly path: string | Buffer;
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
  readonly #runs = new Map<string, KnownRun>();
  readonly #hot = new Set<KnownFile>();
  readonly #fresh = new Set<KnownFile>();
  #primed = new Map<string, ReadonlyMap<string, number>>();

  constructor(root: string, { hotForMs, mostLogRuns }: { hotForMs: number; mostLogRuns: number }) {
    this.#root = root;
    this.#hotForMs = hotForMs;
    this.#mostLogRuns = mostLogRuns;
    this.#isRemote = isNetworkMount(root);
  }

  /** That there are more log runs than are watched, the first time it is so. */
  takeProblems(): readonly string[] {
    if (this.#isFull !== "untold") return [];
    this.#isFull = "told";
    return [`more than ${this.#mostLogRuns} log runs below ${this.#root}: the rest is not watched`];
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

  /** Looks at new and hot files, or at all; yields log runs that changed or lost a file and, every few milliseconds, a pause. */
  *stat(which: "known" | "hot", now: number): Generator<FileFinding | "pause"> {
    const turn = new Turn();
    const files = which === "hot" ? [...this.#fresh, ...this.#hot] : this.#all();
    for (const file of files) {
      if (turn.isOver()) {
        yield "pause";
        turn.begin();
      }
      const isFresh = this.#fresh.delete(file);
      const found = this.#look(file, now);
      if (found === "unreadable") continue;
      if (found === undefined) {
        yield { kind: "vanished", logRun: file.logRun };
        continue;
      }
      if (found.size === file.size && found.mtimeMs === file.mtimeMs) {
        if (this.#hot.has(file) && !this.#isHot(file, now)) this.#hot.delete(file);
        continue;
      }
      file.size = found.size;
      file.mtimeMs = found.mtimeMs;
      if (!isFresh) file.changedAt = now;
      if (this.#isHot(file, now)) this.#hot.add(file);
      if (!isFresh || found.size !== file.primed) yield { kind: "changed", logRun: file.logRun };
    }
  }

  /** On a network mount attributes may be a minute old, but opening a file makes the client ask the server. */
  #look(file: KnownFile, now: number): Stats | "unreadable" | undefined {
    if (!this.#isRemote || now - file.openedAt < reopenAfterMs) return look(file.path);
    file.openedAt = now;
    return lookByOpening(file.path);
  }

  #isHot(file: KnownFile, now: number): boolean {
    const newest = Math.max(file.changedAt, file.mtimeMs <= now ? file.mtimeMs : -Infinity);
    return now - newest < this.#hotForMs;
  }

  #drop(file: KnownFile): void {
    this.#hot.delete(file);
    this.#fresh.delete(file);
  }

  *#all(): Generator<KnownFile> {
    for (const run of this.#runs.values()) yield* run.files;
  }
}

function lookByOpening(path: string | Buffer): Stats | "unreadable" | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch {
    return look(path);
  }
  try {
    return fstatSync(descriptor);
  } catch {
    return "unreadable";
  } finally {
    closeSync(descriptor);
  }
}

/** A share that does not answer says nothing about its files. */
function look(path: string | Buffer): Stats | "unreadable" | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return "unreadable";
  }
}

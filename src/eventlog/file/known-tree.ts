import { readdirSync, statSync } from "node:fs";
import { onDisk } from "./byte-names.js";
import { listDirectory } from "./directory.js";
import { isResting } from "./rest.js";
import { Turn } from "./turn.js";

/** The event files of one directory as they are now; none means it is no log run (any more). */
export interface TreeChange {
  readonly logRun: string;
  readonly eventFiles: readonly string[];
}

export const treeBounds = { depth: 32, directories: 200_000 } as const;

/** What file systems say of a directory with thousands of entries: one link for each directory in it, or its own size. */
const large = { links: 500, bytes: 32 * 1024 } as const;
/** A listing made this soon after the directory changed may have missed an entry of the same tick. */
const settledAfterMs = 2_000;
/** Every listing is made afresh after this time: some file systems do not tell that a directory changed. */
const distrustAfterMs = 300_000;

interface Directory {
  readonly name: string;
  readonly path: string;
  readonly onDisk: string | Buffer;
  /** A number of its own. */
  readonly place: number;
  mtimeMs: number;
  listedAt: number;
  /** Names of the directories in it, from the root on: made once, because a walk over 10,000 of them must cost next to nothing. */
  directories: readonly string[];
  hasEventFiles: boolean;
}

/** The directories below a root, listed again only when their modification time says so. */
export class KnownTree {
  readonly #root: string;
  readonly #allowedRoots: readonly string[] | undefined;
  readonly #directories = new Map<string, Directory>();
  readonly #problems = new Map<string, boolean>();
  #device: bigint | undefined;
  #places = 0;
  #walks = 0;

  constructor(root: string, allowedRoots: readonly string[] | undefined) {
    this.#root = root;
    this.#allowedRoots = allowedRoots;
  }

  get directoryCount(): number {
    return this.#directories.size;
  }

  /** Problems that were not told before. */
  takeProblems(): readonly string[] {
    const fresh = [...this.#problems].filter(([, isTold]) => !isTold).map(([problem]) => problem);
    for (const problem of fresh) this.#problems.set(problem, true);
    return fresh;
  }

  /** Walks the tree, with all directories or all but those that rest; yields what changed and, every few milliseconds, a pause. */
  *walk(now: number, reach: "all" | "all by turns"): Generator<TreeChange | "pause"> {
    if (!this.#isRootThere()) return;
    this.#walks += 1;
    const waiting: string[] = ["."];
    const turn = new Turn();
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (turn.isOver()) {
        yield "pause";
        turn.begin();
      }
      const known = this.#directories.get(name);
      if (known === undefined && this.#directories.size >= treeBounds.directories) {
        this.#say(
          `more than ${treeBounds.directories} directories below ${this.#root}: the rest is not watched`,
        );
        return;
      }
      const isLeftOut = reach === "all by turns" && known !== undefined && rests(known, now, this.#walks);
      if (!isLeftOut) yield* this.#look(name, now);
      const { directories = [] } = (isLeftOut ? known : this.#directories.get(name)) ?? {};
      if (directories.length === 0) continue;
      if (depthOf(name) >= treeBounds.depth) {
        this.#say(`${name} is ${treeBounds.depth} directories deep: what lies below is not watched`);
        continue;
      }
      for (const child of directories) waiting.push(child);
    }
  }

  /** Lists one directory at once, because a file in it vanished. */
  relist(name: string, now: number): readonly TreeChange[] {
    if (!this.#isRootThere()) return [];
    const known = this.#directories.get(name);
    if (known !== undefined) known.listedAt = -Infinity;
    return [...this.#look(name, now)].filter((change) => change !== "pause");
  }

  *#look(name: string, now: number): Generator<TreeChange | "pause"> {
    const known = this.#directories.get(name);
    const path = known?.path ?? (name === "." ? this.#root : `${this.#root}/${name}`);
    try {
      const { mtimeMs, nlink, size } = statSync(known?.onDisk ?? onDisk(path));
      if (known !== undefined && isCurrent(known, mtimeMs, now)) return;
      const listing = yield* listDirectory({
        path,
        allowedRoots: this.#allowedRoots,
        isLarge: nlink > large.links || size > large.bytes,
      });
      for (const problem of listing.problems) this.#say(problem);
      const directories = listing.directories.map((child) => (name === "." ? child : `${name}/${child}`));
      this.#directories.set(name, {
        name,
        path,
        onDisk: known?.onDisk ?? onDisk(path),
        place: known?.place ?? (this.#places += 1),
        mtimeMs,
        listedAt: now,
        directories,
        hasEventFiles: listing.eventFiles.length > 0,
      });
      const there = new Set(directories);
      const lost = (known?.directories ?? []).filter((child) => !there.has(child));
      for (const child of lost) yield* this.#forget(child);
      const isLogRun = listing.eventFiles.length > 0 || known?.hasEventFiles === true;
      if (isLogRun) yield { logRun: name, eventFiles: listing.eventFiles };
    } catch (cause) {
      if (!(cause instanceof Error && "code" in cause)) throw cause;
      if (name !== "." && (cause.code === "ENOENT" || cause.code === "ENOTDIR")) yield* this.#forget(name);
      else this.#say(`${path} cannot be read (${String(cause.code)}): what is known of it is kept`);
    }
  }

  /** A directory that is gone takes everything below it along. */
  *#forget(name: string): Generator<TreeChange> {
    const known = this.#directories.get(name);
    if (known === undefined) return;
    this.#directories.delete(name);
    for (const child of known.directories) yield* this.#forget(child);
    if (known.hasEventFiles) yield { logRun: name, eventFiles: [] };
  }

  /** A share that went away takes its mount point's content along; that is no reason to believe every run deleted. */
  #isRootThere(): boolean {
    const problem = `${this.#root} cannot be read at present: what is known of it is kept`;
    const device = rootDevice(this.#root);
    const isThere = device !== undefined && (this.#device === undefined || device === this.#device);
    if (!isThere && (device === undefined || isEmpty(this.#root))) {
      this.#say(problem);
      return false;
    }
    this.#device = device;
    this.#problems.delete(problem);
    return true;
  }

  #say(problem: string): void {
    if (!this.#problems.has(problem)) this.#problems.set(problem, false);
  }
}

function isCurrent(known: Directory, mtimeMs: number, now: number): boolean {
  if (known.mtimeMs !== mtimeMs || now - known.listedAt >= distrustAfterMs) return false;
  return Math.abs(known.listedAt - mtimeMs) >= settledAfterMs;
}

/** A directory of directories never is: new runs appear there. */
function rests({ place, mtimeMs, listedAt, directories }: Directory, now: number, walk: number): boolean {
  const isListed = directories.length === 0 && now - listedAt < distrustAfterMs;
  return isListed && isResting({ kind: "directory", place, silentMs: now - mtimeMs }, walk);
}

function rootDevice(root: string): bigint | undefined {
  try {
    return statSync(root, { bigint: true }).dev;
  } catch {
    return undefined;
  }
}

function isEmpty(directory: string): boolean {
  try {
    return readdirSync(directory).length === 0;
  } catch {
    return true;
  }
}

function depthOf(name: string): number {
  return name.split("/").length;
}

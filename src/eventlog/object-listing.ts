import { eventFileMark, byCodePoints } from "./file/list-log-run.js";
import type { FoundLogRun } from "./log-source.js";
import type { ListedObject, ObjectPage } from "./object-store.js";

export type ObjectFile = Omit<ListedObject, "key">;
/** Log run -> file name -> what the listing showed. */
export type ObjectRuns = ReadonlyMap<string, ReadonlyMap<string, ObjectFile>>;

export const listingBounds = { pages: 1_000, logRuns: 50_000, depth: 32 } as const;

/** Sorts the pages of one listing into log runs; only event files are kept. */
export class ObjectListing {
  readonly #prefix: string;
  readonly #runs = new Map<string, Map<string, ObjectFile>>();
  readonly #problems = new Set<string>();
  readonly #shown: string;
  pages = 0;

  constructor(prefix: string, shown: string) {
    this.#prefix = prefix;
    this.#shown = shown;
  }

  get runs(): ObjectRuns {
    return this.#runs;
  }

  get problems(): readonly string[] {
    return [...this.#problems];
  }

  /** Takes a page; returns where the next one begins, undefined at the end or at the bound. */
  add({ objects, next }: ObjectPage): string | undefined {
    this.pages += 1;
    for (const object of objects) this.#take(object);
    if (next === undefined || this.pages < listingBounds.pages) return next;
    this.#problems.add(
      `${this.#shown}: more than ${listingBounds.pages * 1_000} objects: those behind are not looked at; watch a longer prefix`,
    );
    return undefined;
  }

  #take({ key, ...file }: ListedObject): void {
    if (!key.startsWith(this.#prefix)) return;
    const parts = key.slice(this.#prefix.length).split("/");
    const name = parts.pop() ?? "";
    if (!name.includes(eventFileMark)) return;
    if (parts.some((part) => part === "" || part === "." || part === "..")) {
      this.#problems.add(`${this.#shown}: objects whose keys are no paths (//, /./, /../) are skipped`);
      return;
    }
    if (parts.length > listingBounds.depth) {
      this.#problems.add(`${this.#shown}: objects below ${listingBounds.depth} levels are skipped`);
      return;
    }
    const run = parts.length === 0 ? "." : parts.join("/");
    const files = this.#runs.get(run) ?? new Map<string, ObjectFile>();
    if (files.size === 0 && this.#runs.size >= listingBounds.logRuns) {
      this.#problems.add(
        `${this.#shown}: more than ${listingBounds.logRuns} log runs: the rest is not looked at`,
      );
      return;
    }
    files.set(name, file);
    this.#runs.set(run, files);
  }
}

/** One log run of a listing, files in name order. */
export function foundLogRun(runs: ObjectRuns, name: string): FoundLogRun {
  const files = [...(runs.get(name) ?? [])].sort(([left], [right]) => byCodePoints(left, right));
  return { name, files: files.map(([file, { size, mtimeMs }]) => ({ name: file, size, mtimeMs })) };
}

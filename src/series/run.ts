import { shortHash } from "../lib/short-hash.js";

/** A registered log directory's id: short, stable, no path in it (paths move). */
export type WatchId = string & { readonly brand: "WatchId" };
/** `watch.hash`, safe in any key and URL; the name itself is user data. */
export type RunId = string & { readonly brand: "RunId" };
/** `split NUL tag`, the identity of a series within its run. */
export type SeriesKey = string & { readonly brand: "SeriesKey" };

/** What a person calls a run: a log run together with its splits; `name` is its path relative to the watch. */
export interface Run {
  readonly watch: WatchId;
  readonly name: string;
}

export function watchIdOf(root: string): WatchId {
  return `w${shortHash(root, 10)}` as WatchId;
}

export function runIdOf(run: Run): RunId {
  return `${run.watch}.${shortHash(run.name)}` as RunId;
}

/** `split` is the empty string for the run's own log run. */
export function seriesKeyOf(split: string, tag: string): SeriesKey {
  return `${split}\u0000${tag}` as SeriesKey;
}

export function splitSeriesKey(key: SeriesKey): { readonly split: string; readonly tag: string } {
  const nul = key.indexOf("\u0000");
  return { split: key.slice(0, nul), tag: key.slice(nul + 1) };
}

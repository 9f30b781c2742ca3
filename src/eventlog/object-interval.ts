import type { ScanIntervals } from "./log-source.js";

/** The longest pause between two listings, in intervals of known files: 5 minutes of the usual 15 s. */
const coldest = 20;
/** At most this share of the requests allowed goes into listing. */
const listingShare = 0.5;

export interface ObjectRest {
  /** Since the newest change, in milliseconds. */
  readonly quietMs: number;
  /** Pages of the last listing. */
  readonly pages: number;
  readonly perMinute: number;
  /** Listings that failed since the last good one. */
  readonly failures: number;
}

/** How long to wait until the next listing: longer the longer nothing changed, the more it costs, and after failures. */
export function objectInterval({ knownMs, hotForMs }: ScanIntervals, rest: ObjectRest): number {
  const longest = knownMs * coldest;
  if (rest.failures > 0) return Math.min(longest, knownMs * 2 ** Math.min(rest.failures - 1, 10));
  const byAge = Math.min(longest, Math.max(knownMs, (knownMs * rest.quietMs) / hotForMs));
  return Math.max(byAge, (rest.pages / (rest.perMinute * listingShare)) * 60_000);
}

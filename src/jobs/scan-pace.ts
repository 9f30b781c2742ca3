import type { ScanIntervals } from "../eventlog/log-source.js";

/** How often a watch is looked at: every second where files are hot or the tree is small, else as often as there is something to do. */
export function scanEveryMs(
  { hotMs, knownMs, walkMs }: ScanIntervals,
  { isQuiet }: { readonly isQuiet: boolean },
): number {
  return isQuiet ? Math.max(hotMs, Math.min(knownMs, walkMs)) : hotMs;
}

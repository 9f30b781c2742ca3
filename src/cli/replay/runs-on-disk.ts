import { byCodePoints } from "../../eventlog/file/list-log-run.js";
import { defaultScanIntervals } from "../../eventlog/log-source.js";
import { groupLogRuns } from "../../series/group-log-runs.js";
import type { OpenedLogDirectory } from "../log-directory.js";

/** A run below a log directory: its log runs in name order, and what they weigh. */
export interface FoundRun {
  readonly name: string;
  readonly logRuns: readonly { readonly name: string; readonly split: string }[];
  readonly bytes: number;
}

/** All runs in the order of their first log run, and what an operator should hear about the search. */
export async function findRuns(
  { source, root }: OpenedLogDirectory,
  now: number,
): Promise<{ readonly runs: readonly FoundRun[]; readonly problems: readonly string[] }> {
  const scanner = source.scanner(root, defaultScanIntervals);
  const { problems } = await scanner.sweep(now);
  const sizes = new Map(
    scanner.logRuns().map(({ name, files }) => [name, files.reduce((sum, { size }) => sum + size, 0)]),
  );
  return { runs: groupRuns(sizes), problems };
}

function groupRuns(sizes: ReadonlyMap<string, number>): readonly FoundRun[] {
  const names = [...sizes.keys()].sort(byCodePoints);
  const places = groupLogRuns(names);
  const runs = new Map<string, { logRuns: { name: string; split: string }[]; bytes: number }>();
  for (const name of names) {
    const { run, split } = places.get(name) ?? { run: name, split: "" };
    const found = runs.get(run) ?? { logRuns: [], bytes: 0 };
    found.logRuns.push({ name, split });
    found.bytes += sizes.get(name) ?? 0;
    runs.set(run, found);
  }
  return [...runs].map(([name, found]) => ({ name, ...found }));
}

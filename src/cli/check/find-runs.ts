import { byCodePoints } from "../../eventlog/file/list-log-run.js";
import { defaultScanIntervals, type LogFile } from "../../eventlog/log-source.js";
import { matchesGlob } from "../../lib/glob.js";
import { groupLogRuns } from "../../series/group-log-runs.js";
import type { OpenedLogDirectory } from "../log-directory.js";

/** A run as a look at the directory found it. */
export interface FoundRun {
  readonly name: string;
  readonly logRuns: readonly { readonly name: string; readonly split: string }[];
  /** Changes whenever a file of the run does. */
  readonly print: string;
  /** What its files weigh. */
  readonly bytes: number;
  /** When (ms) a file of the run was last written. */
  readonly writtenAt: number;
}

export interface FoundRuns {
  readonly runs: readonly FoundRun[];
  /** How many there are, chosen or not. */
  readonly all: number;
  readonly problems: readonly string[];
}

/** The runs below a directory whose names match one of the patterns, in the order of their first log run. */
export async function findRuns(
  { source, root }: Pick<OpenedLogDirectory, "source" | "root">,
  patterns: readonly string[] | undefined,
  now: number,
): Promise<FoundRuns> {
  const scanner = source.scanner(root, defaultScanIntervals);
  const { problems } = await scanner.sweep(now);
  const found = [...scanner.logRuns()].sort((one, other) => byCodePoints(one.name, other.name));
  const places = groupLogRuns(found.map(({ name }) => name));
  const parts = new Map<string, { name: string; split: string; files: readonly LogFile[] }[]>();
  for (const { name, files } of found) {
    const { run, split } = places.get(name) ?? { run: name, split: "" };
    parts.set(run, [...(parts.get(run) ?? []), { name, split, files }]);
  }
  const runs = [...parts].map(([name, logRuns]): FoundRun => {
    const files = logRuns.flatMap((logRun) => logRun.files.map((file) => ({ ...file, logRun: logRun.name })));
    return {
      name,
      logRuns: logRuns.map((logRun) => ({ name: logRun.name, split: logRun.split })),
      print: JSON.stringify(files.map((file) => [file.logRun, file.name, file.size, file.mtimeMs])),
      bytes: files.reduce((sum, { size }) => sum + size, 0),
      writtenAt: Math.max(0, ...files.map(({ mtimeMs }) => mtimeMs)),
    };
  });
  const chosen = runs.filter(({ name }) => patterns?.some((pattern) => matchesGlob(pattern, name)) ?? true);
  return { runs: chosen, all: runs.length, problems };
}

import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { byCodePoints } from "../eventlog/file/list-log-run.js";
import { defaultScanIntervals, type LogSource } from "../eventlog/log-source.js";
import { openLogSource } from "../eventlog/log-sources.js";
import { isRemoteAddress } from "../lib/remote-address.js";
import { UsageError } from "./exit-codes.js";
import { fileFault } from "./file-fault.js";

export interface OpenedLogDirectory {
  readonly source: LogSource;
  readonly root: string;
}

/** Opens what a person named as a log directory; a `UsageError` where there is none to read. */
export function openLogDirectory(logdir: string): OpenedLogDirectory {
  if (isRemoteAddress(logdir)) return openRemote(logdir.replace(/\/+$/, ""));
  const root = resolve(logdir.replace(/^file:\/\//, ""));
  try {
    readdirSync(root);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : "unknown";
    throw new UsageError(`${root}: ${reasons.get(code) ?? `cannot be read (${fileFault(cause)})`}`);
  }
  return { source: openLogSource(root), root };
}

/**
 * The log runs below a directory, in name order, and what an operator should hear about the search; a `UsageError` where
 * a place elsewhere does not answer.
 */
export async function findLogRuns(
  { source, root }: OpenedLogDirectory,
  now: number,
): Promise<{ readonly logRuns: readonly string[]; readonly problems: readonly string[] }> {
  const scanner = source.scanner(root, defaultScanIntervals);
  const { problems } = await scanner.sweep(now);
  if (isRemoteAddress(root) && scanner.logRuns().length === 0 && problems.length > 0) {
    throw new UsageError(problems.join("\n"));
  }
  const logRuns = scanner.logRuns().map(({ name }) => name);
  return { logRuns: logRuns.sort(byCodePoints), problems };
}

const reasons: ReadonlyMap<unknown, string> = new Map([
  ["ENOENT", "there is no such directory; give the directory that holds the event files"],
  ["ENOTDIR", "this is a file; give the directory that holds the event files"],
  ["EACCES", "this directory may not be read; check its permissions"],
]);

function openRemote(logdir: string): OpenedLogDirectory {
  try {
    const source = openLogSource(logdir);
    // Says what is wrong with the address itself; nothing is asked yet.
    source.scanner(logdir, defaultScanIntervals);
    return { source, root: logdir };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UsageError(cause.message);
  }
}

import { accessSync, constants, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "./exit-codes.js";
import { fileFault } from "./file-fault.js";

/** A file that appears when it is whole: until `keep` it is written at `path`, and a signal leaves nothing of it behind. */
export interface WholeFile {
  /** Where to write meanwhile. */
  readonly path: string;
  keep(): void;
  abandon(): void;
}

/** A regular file, or one to be made, is written beside its place, links followed; a device or a pipe as it stands, for a file in its place would be no device. */
export function wholeFile(file: string): WholeFile {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats?.isFile() === false) return { path: file, keep: nothing, abandon: nothing };
  const place = stats === undefined ? file : realpathSync(file);
  const path = `${place}.partial-${process.pid}`;
  const remove = (): void => rmSync(path, { force: true });
  const interrupted = (): void => {
    remove();
    process.exit(130);
  };
  for (const name of ending) process.on(name, interrupted);
  const settle = (act: () => void): void => {
    for (const name of ending) process.off(name, interrupted);
    act();
  };
  return {
    path,
    keep: () => settle(() => renameSync(path, place)),
    abandon: () => settle(remove),
  };
}

/** Writes a file whole or not at all; a `UsageError` where it cannot be written. */
export function writeWhole(file: string, content: string | Uint8Array): void {
  attempt(file, () => {
    const output = wholeFile(file);
    try {
      writeFileSync(output.path, content);
      output.keep();
    } catch (cause) {
      output.abandon();
      throw cause;
    }
  });
}

/** Throws a `UsageError` where a file could not be written: said before hours of work, not after. */
export function refuseUnwritable(file: string): void {
  attempt(file, () => {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) throw new UsageError(`${file}: this is a directory; name a file`);
    if (stats !== undefined) accessSync(file, constants.W_OK);
    if (stats?.isFile() !== false) accessSync(dirname(file), constants.W_OK);
  });
}

/** Says of what fails that it is a file which cannot be written. */
export function attempt(file: string, act: () => void): void {
  try {
    act();
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(`${file}: cannot be written (${fileFault(cause)})`);
  }
}

const ending = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function nothing(): void {
  return undefined;
}

import { readdir, stat } from "node:fs/promises";
import { onDisk } from "./file/byte-names.js";
import { isRemoteAddress } from "../lib/remote-address.js";

/** Whether a root can be walked at all; a bucket says so itself. */
export async function isReachable(root: string): Promise<boolean> {
  if (isRemoteAddress(root)) return true;
  return stat(onDisk(root)).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Of a directory that a walk did not find event files in: gone, or readable and without them; one that cannot be read is kept. */
export async function isListedOrGone(path: string): Promise<boolean> {
  return readdir(onDisk(path)).then(
    () => true,
    (error: unknown) =>
      error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"),
  );
}

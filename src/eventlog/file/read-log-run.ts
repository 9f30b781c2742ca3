import type { LogRunSlice, ReadRequest } from "../log-source.js";
import { readLogRunFiles } from "../read-log-run-files.js";
import { onDisk } from "./byte-names.js";
import { listEventFiles } from "./list-log-run.js";
import { readFileSlice } from "./read-file.js";

/** Decoded in a millisecond, or a few in code that has only begun to run. */
const livePieceBytes = 128 * 1024;

/** Reads the files of one log run below a directory; `allowedRoots` as the scanner takes them. */
export async function readLogRun(
  request: ReadRequest,
  allowedRoots?: readonly string[],
): Promise<LogRunSlice> {
  const directory = directoryOf(request.root, request.logRun);
  return readLogRunFiles(request, {
    livePieceBytes,
    names: listEventFiles(directory, allowedRoots),
    read: (piece) => readFileSlice({ ...piece, path: onDisk(`${directory}/${piece.name}`) }),
  });
}

function directoryOf(root: string, logRun: string): string {
  if (logRun === ".") return root;
  if (logRun.startsWith("/") || logRun.split("/").includes(".."))
    throw new RangeError("a log run lies below its root");
  return `${root}/${logRun}`;
}

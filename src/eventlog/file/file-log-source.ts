import type { LogSource } from "../log-source.js";
import { FileScanner } from "./file-scanner.js";
import { readSignFiles } from "./read-sign-files.js";
import { readLogRun } from "./read-log-run.js";

export interface LogSourceOptions {
  /** Directories that links may lead to and below; without it all links are followed. */
  readonly allowedRoots?: readonly string[] | undefined;
}

/** Local and mounted directories. */
export function fileLogSource({ allowedRoots }: LogSourceOptions = {}): LogSource {
  return {
    scheme: "file",
    scanner: (root, intervals) => new FileScanner({ root: pathOf(root), intervals, allowedRoots }),
    signs: (request) => readSignFiles({ ...request, root: pathOf(request.root) }),
    read: (request) => readLogRun({ ...request, root: pathOf(request.root) }, allowedRoots),
  };
}

function pathOf(root: string): string {
  const path = root.startsWith("file://") ? root.slice("file://".length) : root;
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

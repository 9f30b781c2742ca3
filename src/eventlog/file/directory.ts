import { statSync } from "node:fs";
import { type NamedEntry, onDisk, readManyNames, readNames, realPath } from "./byte-names.js";
import { linksWithin } from "./link-within.js";
import { eventFileMark } from "./list-log-run.js";
import { Turn } from "./turn.js";

/** What a directory holds of interest: names only, nothing is opened. */
export interface DirectoryListing {
  readonly eventFiles: readonly string[];
  readonly directories: readonly string[];
  /** Links that are not followed, with the reason. */
  readonly problems: readonly string[];
}

export interface ListedDirectory {
  readonly path: string;
  readonly allowedRoots: readonly string[] | undefined;
  /** Whether it may hold thousands of entries. */
  readonly isLarge: boolean;
}

/** Lists one directory, with a pause every few milliseconds; links are followed unless they lead to one of its own ancestors or out of the allowed roots. Throws what the file system throws. */
export function* listDirectory({
  path,
  allowedRoots,
  isLarge,
}: ListedDirectory): Generator<"pause", DirectoryListing> {
  const eventFiles: string[] = [];
  const directories: string[] = [];
  const problems: string[] = [];
  const isAllowed = linksWithin(allowedRoots);
  const turn = new Turn();
  for (const found of isLarge ? yield* readManyNames(path) : readNames(path)) {
    if (turn.isOver()) {
      yield "pause";
      turn.begin();
    }
    const { name } = found;
    const kind = kindOf(found, path);
    if (kind === "file" && name.includes(eventFileMark)) eventFiles.push(name);
    if (kind === "directory") directories.push(name);
    if (kind !== "link to file" && kind !== "link to directory") continue;
    if (kind === "link to file" && !name.includes(eventFileMark)) continue;
    const link = `${path}/${name}`;
    if (!isAllowed(link)) problems.push(`${link} is a link out of the allowed roots: skipped`);
    else if (kind === "link to file") eventFiles.push(name);
    else if (!leadsToAncestor(link, path)) directories.push(name);
  }
  return { eventFiles, directories, problems };
}

function kindOf(
  { name, entry }: NamedEntry,
  path: string,
): "file" | "directory" | "link to file" | "link to directory" | "other" {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  const isTyped = entry.isFIFO() || entry.isSocket() || entry.isBlockDevice() || entry.isCharacterDevice();
  if (isTyped) return "other";
  const target = statSync(onDisk(`${path}/${name}`), { throwIfNoEntry: false });
  if (target === undefined) return "other";
  const link = entry.isSymbolicLink() ? "link to " : "";
  if (target.isFile()) return `${link}file`;
  return target.isDirectory() ? `${link}directory` : "other";
}

/** A link into the chain of directories it stands in would be walked for ever: cut by device and inode. */
function leadsToAncestor(link: string, path: string): boolean {
  const target = identityOf(link);
  for (let at = realPath(path); ; at = at.slice(0, at.lastIndexOf("/"))) {
    if (identityOf(at === "" ? "/" : at) === target) return true;
    if (at === "") return false;
  }
}

function identityOf(path: string): string {
  const { dev, ino } = statSync(onDisk(path), { bigint: true });
  return `${dev}:${ino}`;
}

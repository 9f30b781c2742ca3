import { readNames } from "./byte-names.js";
import { linksWithin } from "./link-within.js";

/** An event file is a regular file with this in its base name (rule R1). */
export const eventFileMark = "tfevents";

/** Names in a directory that may be event files, in name order by code points; links out of the allowed roots are left out; none where the directory is gone. */
export function listEventFiles(
  directory: string,
  allowedRoots: readonly string[] | undefined,
): readonly string[] {
  const isAllowed = linksWithin(allowedRoots);
  try {
    return readNames(directory)
      .filter(
        ({ name, entry }) =>
          name.includes(eventFileMark) && (!entry.isSymbolicLink() || isAllowed(`${directory}/${name}`)),
      )
      .map(({ name }) => name)
      .sort(byCodePoints);
  } catch {
    return [];
  }
}

/** JavaScript's own order is by UTF-16 units, which differs beyond U+FFFF. */
export function byCodePoints(left: string, right: string): number {
  if (left === right) return 0;
  if (isBasic.test(left) && isBasic.test(right)) return left < right ? -1 : 1;
  return Buffer.compare(Buffer.from(left, "utf8"), Buffer.from(right, "utf8"));
}

const isBasic = /^[^\ud800-\u{10ffff}]*$/u;

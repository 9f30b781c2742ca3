import { closeSync, fstatSync, openSync, statSync, type Stats } from "node:fs";
import { open, stat } from "node:fs/promises";

/** Size and time of a file; `unreadable` where the place does not answer, which says nothing about the file; undefined where it is gone. */
export type Found = Pick<Stats, "size" | "mtimeMs"> | "unreadable" | undefined;

export interface LookAt {
  readonly path: string | Buffer;
  /** By opening, a network file system is made to ask its server. */
  readonly by: "stat" | "open";
}

/** Looks at once: on a local disk ten times cheaper than asking for an answer later. */
export function lookAt({ path, by }: LookAt): Found {
  return by === "stat" ? statOf(path) : statByOpening(path);
}

/** Looks without holding the event loop, so that several looks at a slow share wait together. */
export async function lookAtSlowly({ path, by }: LookAt): Promise<Found> {
  try {
    return by === "stat" ? await stat(path) : await statByOpeningSlowly(path);
  } catch (cause) {
    const isGone = cause instanceof Error && "code" in cause && goneCodes.has(cause.code);
    if (isGone) return undefined;
    return by === "open" ? lookAtSlowly({ path, by: "stat" }) : "unreadable";
  }
}

async function statByOpeningSlowly(path: string | Buffer): Promise<Stats> {
  const file = await open(path);
  try {
    return await file.stat();
  } finally {
    await file.close();
  }
}

const goneCodes: ReadonlySet<unknown> = new Set(["ENOENT", "ENOTDIR"]);

function statOf(path: string | Buffer): Found {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return "unreadable";
  }
}

function statByOpening(path: string | Buffer): Found {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch {
    return statOf(path);
  }
  try {
    return fstatSync(descriptor);
  } catch {
    return "unreadable";
  } finally {
    closeSync(descriptor);
  }
}

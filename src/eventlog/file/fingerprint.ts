import { readSync } from "node:fs";
import { crc32c } from "../crc32c.js";
import type { FileCursor, FileIdentity } from "../cursor.js";

const headBytes = 4_096;
const tailBytes = 64;
const scratch = new Uint8Array(headBytes);

/** The bytes of a file that were read last and are still in memory. */
export interface HeldBytes {
  readonly bytes: Uint8Array;
  /** Where in the file they begin, and how many of them count. */
  readonly position: number;
  readonly length: number;
}

/** What spares reading again: the cursor before, whose head does not change any more once it is whole, and what was just read. */
export interface FingerprintShortcuts {
  readonly before?: FileCursor | undefined;
  readonly held?: HeldBytes;
}

/** The sums of the first min(4 KiB, offset) bytes and of the 64 bytes before the offset. */
export function fingerprint(
  descriptor: number,
  offset: number,
  { before, held }: FingerprintShortcuts = {},
): Fingerprint {
  const isHeadKnown = before !== undefined && before.offset >= headBytes && offset >= headBytes;
  const start = Math.max(0, offset - tailBytes);
  const head = { position: 0, length: Math.min(headBytes, offset) };
  return {
    head: isHeadKnown ? before.identity.head : sumOf(descriptor, head, held),
    tail: sumOf(descriptor, { position: start, length: offset - start }, held),
  };
}

export type Fingerprint = Pick<FileIdentity, "head" | "tail">;

/** Whether the bytes before the offset are still those that were read: device and inode may change (rsync), these may not. */
export function isSameContent(descriptor: number, offset: number, identity: FileIdentity): boolean {
  const found = fingerprint(descriptor, offset);
  return found.head === identity.head && found.tail === identity.tail;
}

function sumOf(
  descriptor: number,
  { position, length }: { readonly position: number; readonly length: number },
  held: HeldBytes | undefined,
): number {
  if (held !== undefined && position >= held.position) {
    const from = position - held.position;
    if (from + length <= held.length) return crc32c(held.bytes, from, from + length);
  }
  let filled = 0;
  while (filled < length) {
    const count = readSync(descriptor, scratch, filled, length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return crc32c(scratch, 0, filled);
}

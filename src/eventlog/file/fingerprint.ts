import { readSync } from "node:fs";
import { crc32c } from "../crc32c.js";
import type { FileCursor, FileIdentity } from "../cursor.js";

const headBytes = 4_096;
const tailBytes = 64;
const scratch = new Uint8Array(headBytes);

/** The sums of the first min(4 KiB, offset) bytes and of the 64 bytes before the offset; the head does not change any more once it is whole. */
export function fingerprint(descriptor: number, offset: number, before?: FileCursor): Fingerprint {
  const isHeadKnown = before !== undefined && before.offset >= headBytes && offset >= headBytes;
  const start = Math.max(0, offset - tailBytes);
  return {
    head: isHeadKnown ? before.identity.head : sumOf(descriptor, 0, Math.min(headBytes, offset)),
    tail: sumOf(descriptor, start, offset - start),
  };
}

export type Fingerprint = Pick<FileIdentity, "head" | "tail">;

/** Whether the bytes before the offset are still those that were read: device and inode may change (rsync), these may not. */
export function isSameContent(descriptor: number, offset: number, identity: FileIdentity): boolean {
  const found = fingerprint(descriptor, offset);
  return found.head === identity.head && found.tail === identity.tail;
}

function sumOf(descriptor: number, position: number, length: number): number {
  let filled = 0;
  while (filled < length) {
    const count = readSync(descriptor, scratch, filled, length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return crc32c(scratch, 0, filled);
}

import { closeSync, fstatSync, openSync, readSync, statSync, type Stats } from "node:fs";
import type { FileCursor } from "../cursor.js";
import type { Damage, DamageKind } from "../damage.js";
import { decodeRecords, type DecodedRecords, type Stop } from "../decode-records.js";
import type { FileSlice, PieceRequest } from "../read-log-run-files.js";
import { blobBytes } from "../large-blob.js";
import type { RecordSink } from "../record-sink.js";
import { WireBytes } from "../wire.js";
import { endOf } from "./end-of-piece.js";
import { fingerprint, isSameContent } from "./fingerprint.js";
import { readLargeRecord } from "./large-record.js";
import { holdOf, type Hold } from "./patience.js";

export interface FileRequest extends PieceRequest {
  readonly path: string | Buffer;
}

/** Damage listed per file; beyond it records are counted only. */
export const damageListed = 100;

const chunkBytes = 1024 * 1024;
const largest = chunkBytes - 16;
const smallestPiece = 16 * 1024;
/** Read at once: what the processor keeps near, and little of a blob that is skipped. */
const pieceBytes = 128 * 1024;

/** One buffer for all reads: everything between two uses of it is synchronous. */
const wire = new WireBytes(new Uint8Array(chunkBytes));

/** Reads and decodes at most one chunk of a file from its cursor on, and closes it; undefined where there is nothing to look at. */
export function readFileSlice(request: FileRequest): FileSlice | undefined {
  const { path, cursor } = request;
  let descriptor: number;
  try {
    const seen = statSync(path, { throwIfNoEntry: false });
    if (seen === undefined || !seen.isFile() || isUnchanged(cursor, seen)) return undefined;
    descriptor = openSync(path, "r");
  } catch (cause) {
    return unreadable(request, cause);
  }
  try {
    return readOpenFile(descriptor, request);
  } catch (cause) {
    if (!(cause instanceof Error && "syscall" in cause)) throw cause;
    return unreadable(request, cause);
  } finally {
    closeSync(descriptor);
  }
}

function isUnchanged(cursor: FileCursor | undefined, seen: Stats): boolean {
  if (cursor === undefined) return false;
  return (
    cursor.heldSince === undefined &&
    cursor.identity.size === seen.size &&
    cursor.identity.mtimeMs === seen.mtimeMs
  );
}

/** When to try a file again that could not be read: the file itself will not tell when its disk, or its rights, are mended. */
const againMs = { passing: 10_000, lasting: 300_000 } as const;
const lasting: ReadonlySet<string> = new Set(["EACCES", "EPERM", "ELOOP", "ENAMETOOLONG", "EINVAL"]);

function unreadable({ cursor, name, now, patience }: FileRequest, cause: unknown): FileSlice {
  const detail = cause instanceof Error && "code" in cause ? String(cause.code) : "failed";
  const lookAgainAt = now + againMs[lasting.has(detail) ? "lasting" : "passing"];
  const offset = cursor?.offset ?? 0;
  return {
    cursor: { ...(cursor ?? nothingRead), unreadable: true },
    damage: cursor?.unreadable === true ? [] : [{ file: name, kind: "unreadable", offset, detail }],
    bytes: 0,
    more: false,
    replaced: false,
    ...(patience === "live" ? { lookAgainAt } : {}),
  };
}

const nothingRead: FileCursor = {
  identity: { device: "0", inode: "0", size: -1, mtimeMs: -1, head: 0, tail: 0 },
  offset: 0,
  damaged: 0,
};

function readOpenFile(descriptor: number, request: FileRequest): FileSlice {
  const stat = fstatSync(descriptor);
  const { size, mtimeMs } = stat;
  const damage: Damage[] = [];
  let before = request.cursor ?? nothingRead;
  const replaced =
    before.offset > 0 && (size < before.offset || !isSameContent(descriptor, before.offset, before.identity));
  if (replaced) {
    damage.push({ file: request.name, kind: "replaced", offset: before.offset });
    before = nothingRead;
  }
  const hold = holdOf({
    cursor: before,
    patience: request.patience,
    now: request.now,
    size,
    mtimeMs,
  });
  const start = before.offset;
  const read = readPieces({ ...request, descriptor, start, size, hold });
  const { offset, stop, filledTo } = read;
  const ended = endOf({
    stop,
    offset,
    size,
    filledTo,
    before,
    hold,
    patience: request.patience,
  });
  const listed = ended.damage === undefined ? read.listed : [...read.listed, { kind: ended.damage, offset }];
  const room = Math.max(0, damageListed - before.damaged);
  damage.push(...listed.slice(0, room).map((found) => ({ file: request.name, ...found })));
  const prints =
    offset === before.offset && !replaced
      ? before.identity
      : fingerprint(descriptor, offset, {
          before: replaced ? undefined : before,
          held: { bytes: wire.bytes, position: read.position, length: filledTo - read.position },
        });
  return {
    cursor: {
      identity: {
        device: String(stat.dev),
        inode: String(stat.ino),
        size: ended.settled ? size : offset,
        mtimeMs,
        head: prints.head,
        tail: prints.tail,
      },
      offset,
      damaged: before.damaged + listed.length,
      ...ended.marks,
    },
    damage,
    bytes: offset - start,
    more: ended.more,
    replaced,
    ...(ended.marks.heldSince === undefined || ended.marks.reported === true
      ? {}
      : { lookAgainAt: hold.endsAt(ended.marks.heldSince) }),
  };
}

interface Pieces {
  readonly descriptor: number;
  readonly start: number;
  readonly size: number;
  readonly hold: Hold;
  readonly atMostBytes: number;
  readonly sink: RecordSink;
}

interface PiecesRead {
  /** The position behind the last record handled, and why it is the last. */
  readonly offset: number;
  readonly stop: Stop;
  /** Where the bytes that were read last, and are still in the buffer, begin and end. */
  readonly position: number;
  readonly filledTo: number;
  readonly listed: readonly { readonly kind: DamageKind; readonly offset: number }[];
}

/** Reads and decodes piece by piece until a buffer's worth of bytes was read; blobs are passed over unread where they leave the piece. */
function readPieces(pieces: Pieces): PiecesRead {
  const { descriptor, start, size, hold, sink } = pieces;
  const wanted = Math.min(chunkBytes, Math.max(smallestPiece, pieces.atMostBytes));
  const listed: { kind: DamageKind; offset: number }[] = [];
  let offset = start;
  for (let read = 0; ;) {
    const position = offset;
    const atMost = Math.min(pieceBytes, wanted - read);
    const { filled, decoded } = readPiece(pieces, position, atMost);
    for (const { kind, at } of decoded.damage) listed.push({ kind, offset: position + at });
    offset = position + decoded.end;
    let { stop } = decoded;
    if (stop === "large") {
      const large = readLargeRecord({ descriptor, offset, size, sink, hold });
      listed.push(...large.damage);
      ({ offset, stop } = large);
    }
    read += filled;
    const filledTo = position + filled;
    const goesOn = stop === "truncated" ? filledTo < size && decoded.end > 0 : isBorder.has(stop);
    if (!goesOn || offset >= size || wanted - read < smallestPiece)
      return { offset, stop, position, filledTo, listed };
  }
}

const isBorder: ReadonlySet<Stop> = new Set(["end", "large"]);

/** Reads and decodes as many bytes as are wanted, or a whole buffer where not even one record fits into those. */
function readPiece(
  { descriptor, size, hold, sink }: Pieces,
  start: number,
  atMostBytes: number,
): { readonly filled: number; readonly decoded: DecodedRecords } {
  const wanted = Math.min(atMostBytes, size - start);
  for (let length = wanted; ; length = chunkBytes) {
    const filled = fill(descriptor, start, Math.min(length, size - start));
    const range = { start: 0, end: filled, holdFrom: hold.from - start, largest, largestAcross: blobBytes };
    const decoded = decodeRecords(wire, range, sink);
    const isWhole = decoded.end > 0 || decoded.stop !== "truncated" || filled < length;
    if (isWhole || length >= chunkBytes || filled >= size - start) return { filled, decoded };
  }
}

function fill(descriptor: number, position: number, length: number): number {
  let filled = 0;
  while (filled < length) {
    const count = readSync(descriptor, wire.bytes, filled, length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

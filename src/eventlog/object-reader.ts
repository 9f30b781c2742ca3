import { crc32c } from "./crc32c.js";
import type { FileCursor } from "./cursor.js";
import type { Damage, DamageKind } from "./damage.js";
import { decodeRecords } from "./decode-records.js";
import { endOf } from "./file/end-of-piece.js";
import { holdOf } from "./file/patience.js";
import { damageListed } from "./file/read-file.js";
import { readLargeObjectRecord } from "./object-large-record.js";
import type { ObjectFile } from "./object-listing.js";
import type { ObjectPiece, RangeRequest } from "./object-store.js";
import type { FileSlice, PieceRequest } from "./read-log-run-files.js";
import { WireBytes } from "./wire.js";

export interface ObjectRequest extends PieceRequest {
  readonly key: string;
  /** As the newest listing showed it. */
  readonly listed: ObjectFile;
  readonly read: (range: RangeRequest) => Promise<ObjectPiece | "gone" | "denied" | "past-end">;
}

/** A request costs more than the bytes it brings; what it brings is held in memory. */
const pieceBytes = { smallest: 64 * 1024, largest: 4 * 1024 * 1024 } as const;
/** Records of more data bytes are read in pieces of their own. */
const commonRecord = 1024 * 1024;
/** What is asked for again before the offset, in the same request: the object is still the one that was read. */
export const tailBytes = 64;

/** Reads and decodes one piece of an object from its cursor on; asks nothing where the listing shows no other version. */
export async function readObjectSlice(request: ObjectRequest): Promise<FileSlice | undefined> {
  const { cursor, listed, name } = request;
  const isSettled = cursor?.heldSince === undefined && cursor?.identity.size === listed.size;
  if (isSettled && cursor.identity.inode === listed.version) return undefined;
  const before = cursor ?? nothingRead;
  const piece = await pieceFrom(request, before);
  if (piece === "gone") return undefined;
  if (piece === "denied") return unreadable(request, before);
  if (piece !== "past-end" && isSame(piece, before))
    return decodePiece({ request, before, piece, damage: [] });
  const damage: Damage[] = [{ file: name, kind: "replaced", offset: before.offset }];
  const whole = await pieceFrom(request, nothingRead);
  if (typeof whole !== "string") return decodePiece({ request, before: nothingRead, piece: whole, damage });
  // Replaced by nothing: an empty object has no bytes to ask for.
  if (whole !== "past-end") return undefined;
  const identity = { ...nothingRead.identity, inode: listed.version, size: 0, mtimeMs: listed.mtimeMs };
  return { cursor: { ...nothingRead, identity }, damage, bytes: 0, more: false, replaced: true };
}

const nothingRead: FileCursor = {
  identity: { device: "object", inode: "", size: -1, mtimeMs: -1, head: 0, tail: 0 },
  offset: 0,
  damaged: 0,
};

type Answer = ObjectPiece | "gone" | "denied" | "past-end";

/** The bytes before the offset and at least one whole record of common size behind it, where there is one. */
async function pieceFrom(request: ObjectRequest, { offset }: FileCursor): Promise<Answer> {
  const { key, read, atMostBytes, listed } = request;
  if (offset === 0 && listed.size === 0) return { ...listed, bytes: new Uint8Array(0) };
  const start = Math.max(0, offset - tailBytes);
  const wanted = Math.min(pieceBytes.largest, Math.max(pieceBytes.smallest, Math.ceil(atMostBytes)));
  const piece = await read({ key, start, length: offset - start + wanted });
  if (typeof piece === "string" || !isCut(piece, offset, start)) return piece;
  return read({ key, start, length: offset - start + commonRecord });
}

/** Whether the first record, of common size, goes past the piece, although the object goes on. */
function isCut({ bytes, size }: ObjectPiece, offset: number, start: number): boolean {
  if (start + bytes.length >= size) return false;
  const at = offset - start;
  if (bytes.length - at < 12) return true;
  const length = new DataView(bytes.buffer, bytes.byteOffset + at, 8).getUint32(0, true);
  return length + 16 <= commonRecord && length + 16 > bytes.length - at;
}

function isSame({ bytes, size }: ObjectPiece, { offset, identity }: FileCursor): boolean {
  if (offset === 0) return true;
  return size >= offset && crc32c(bytes, 0, Math.min(offset, tailBytes)) === identity.tail;
}

interface Found {
  readonly request: ObjectRequest;
  readonly before: FileCursor;
  readonly piece: ObjectPiece;
  readonly damage: Damage[];
}

async function decodePiece({ request, before, piece, damage }: Found): Promise<FileSlice> {
  const { name, now, patience, sink } = request;
  const { bytes, size, version, mtimeMs } = piece;
  const replaced = damage.length > 0;
  const hold = holdOf({ cursor: before, patience, now, size, mtimeMs });
  const start = Math.max(0, before.offset - tailBytes);
  const range = {
    start: before.offset - start,
    end: bytes.length,
    holdFrom: hold.from - start,
    largest: commonRecord - 16,
  };
  const decoded = decodeRecords(new WireBytes(bytes), range, sink);
  const listed: { kind: DamageKind; offset: number }[] = decoded.damage.map(({ kind, at }) => ({
    kind,
    offset: start + at,
  }));
  let offset = start + decoded.end;
  let { stop } = decoded;
  let tail = crc32c(bytes, Math.max(0, decoded.end - tailBytes), decoded.end);
  if (stop === "large") {
    const large = await readLargeObjectRecord({ ...request, offset, size, version, hold });
    ({ stop } = large);
    listed.push(...large.damage);
    offset = large.offset;
    tail = large.tail ?? tail;
  }
  const filledTo = start + bytes.length;
  const ended = endOf({ stop, offset, size, filledTo, before, hold, patience });
  if (ended.damage !== undefined) listed.push({ kind: ended.damage, offset });
  const room = Math.max(0, damageListed - before.damaged);
  damage.push(...listed.slice(0, room).map((found) => ({ file: name, ...found })));
  const isHeld = ended.marks.heldSince !== undefined && ended.marks.reported !== true;
  return {
    cursor: {
      identity: {
        device: "object",
        inode: version,
        size: ended.settled ? size : offset,
        mtimeMs,
        head: 0,
        tail,
      },
      offset,
      damaged: before.damaged + listed.length,
      ...ended.marks,
    },
    damage,
    bytes: offset - before.offset,
    more: ended.more,
    replaced,
    ...(isHeld ? { lookAgainAt: hold.endsAt(ended.marks.heldSince ?? now) } : {}),
  };
}

/** When to ask again for an object that these credentials may not read: only somebody can change that, and the listing does not show it. */
const deniedAgainMs = 300_000;

function unreadable({ name, cursor, now, patience }: ObjectRequest, before: FileCursor): FileSlice {
  const found: Damage = { file: name, kind: "unreadable", offset: before.offset, detail: "access denied" };
  return {
    cursor: { ...before, unreadable: true },
    damage: cursor?.unreadable === true ? [] : [found],
    bytes: 0,
    more: false,
    replaced: false,
    ...(patience === "live" ? { lookAgainAt: now + deniedAgainMs } : {}),
  };
}

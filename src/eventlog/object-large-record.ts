import { crc32c } from "./crc32c.js";
import type { DamageKind } from "./damage.js";
import { decodeRecords, type Stop } from "./decode-records.js";
import { largestDecoded } from "./file/large-record.js";
import type { Hold } from "./file/patience.js";
import { blobWindow, takeBlob } from "./large-blob.js";
import type { ObjectPiece, RangeRequest } from "./object-store.js";
import type { RecordSink } from "./record-sink.js";
import { WireBytes } from "./wire.js";

export interface LargeObjectRequest {
  readonly key: string;
  readonly read: (range: RangeRequest) => Promise<ObjectPiece | "gone" | "denied" | "past-end">;
  /** Of the record's first byte; its length is known to be good. */
  readonly offset: number;
  readonly size: number;
  readonly version: string;
  readonly sink: RecordSink;
  readonly hold: Hold;
}

export interface LargeObjectRecord {
  readonly offset: number;
  readonly stop: Stop;
  readonly damage: readonly { readonly kind: DamageKind; readonly offset: number }[];
  /** Sum of the 64 bytes before the new offset, where that has moved. */
  readonly tail?: number;
}

const tailBytes = 64;

/** Reads one record that is larger than a piece: of a blob only its front and its end are asked for. */
export async function readLargeObjectRecord(request: LargeObjectRequest): Promise<LargeObjectRecord> {
  const { offset, size, sink, hold } = request;
  const waits: LargeObjectRecord = { offset, stop: "truncated", damage: [] };
  const front = await sameVersion(request, offset, 12 + blobWindow);
  if (front === undefined) return waits;
  const length = new DataView(front.buffer, front.byteOffset, 12).getUint32(0, true);
  const end = offset + 16 + length;
  if (end > size) return waits;
  const lastBytes = Math.min(length, blobWindow) + 4;
  const last = await sameVersion(request, end - lastBytes, lastBytes);
  if (last === undefined) return waits;
  const skipped = {
    offset: end,
    stop: "large",
    damage: [],
    tail: crc32c(last, last.length - tailBytes, last.length),
  } as const;
  const readAt = (from: number, wanted: number): Uint8Array => {
    const at = from - (length + 4 - lastBytes);
    return at >= 0 ? last.subarray(at, at + wanted) : front.subarray(12 + from, 12 + from + wanted);
  };
  if (takeBlob({ length, readAt }, sink)) return skipped;
  if (length > largestDecoded) return { ...skipped, damage: [{ kind: "bound", offset }] };
  const whole = await sameVersion(request, offset, length + 16);
  if (whole === undefined) return waits;
  const range = { start: 0, end: whole.length, holdFrom: hold.from - offset, largest: largestDecoded };
  const decoded = decodeRecords(new WireBytes(whole), range, sink);
  const damage = decoded.damage.map(({ kind, at }) => ({ kind, offset: offset + at }));
  if (decoded.end === 0) return { offset, stop: decoded.stop, damage };
  return { ...skipped, stop: decoded.stop, damage };
}

/** Exactly these bytes of the version that was begun with: pieces of two versions make no record. */
async function sameVersion(
  { key, read, version }: LargeObjectRequest,
  start: number,
  length: number,
): Promise<Uint8Array | undefined> {
  const piece = await read({ key, start, length });
  if (typeof piece === "string" || piece.version !== version || piece.bytes.length < length) return undefined;
  return piece.bytes;
}

import { readSync } from "node:fs";
import { decodeRecords, type Stop } from "../decode-records.js";
import type { DamageKind } from "../damage.js";
import { blobBytes, takeBlob } from "../large-blob.js";
import type { RecordSink } from "../record-sink.js";
import { WireBytes } from "../wire.js";
import type { Hold } from "./patience.js";

/** Records of more data are skipped with a diagnostic. */
export const largestDecoded = 64 * 1024 * 1024;

export interface LargeRequest {
  readonly descriptor: number;
  /** Of the record's first byte; its length is known to be good. */
  readonly offset: number;
  readonly size: number;
  readonly sink: RecordSink;
  readonly hold: Hold;
}

export interface LargeRecord {
  readonly offset: number;
  readonly stop: Stop;
  readonly damage: readonly { readonly kind: DamageKind; readonly offset: number }[];
}

/** Reads one record that does not fit the common buffer; memory is taken only for bytes that are in the file. */
export function readLargeRecord({ descriptor, offset, size, sink, hold }: LargeRequest): LargeRecord {
  const header = Buffer.alloc(12);
  readSync(descriptor, header, 0, 12, offset);
  const length = header.readUInt32LE(0);
  const end = offset + 16 + length;
  if (end > size) return { offset, stop: "truncated", damage: [] };
  const readAt = (from: number, wanted: number): Uint8Array =>
    bytesAt(descriptor, offset + 12 + from, wanted);
  if (length > blobBytes && takeBlob({ length, readAt }, sink))
    return { offset: end, stop: "large", damage: [] };
  if (length > largestDecoded) return { offset: end, stop: "large", damage: [{ kind: "bound", offset }] };
  const bytes = new Uint8Array(length + 16);
  let filled = 0;
  while (filled < bytes.length) {
    const count = readSync(descriptor, bytes, filled, bytes.length - filled, offset + filled);
    if (count === 0) return { offset, stop: "truncated", damage: [] };
    filled += count;
  }
  const range = { start: 0, end: filled, holdFrom: hold.from - offset, largest: largestDecoded };
  const decoded = decodeRecords(new WireBytes(bytes), range, sink);
  const damage = decoded.damage.map(({ kind, at }) => ({ kind, offset: offset + at }));
  return { offset: offset + decoded.end, stop: decoded.stop, damage };
}

function bytesAt(descriptor: number, position: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, readSync(descriptor, bytes, 0, length, position));
}

import { crc32c, maskedCrc32c } from "./crc32c.js";
import { decodeEvent } from "./decode-event.js";
import { blobBytes, takeBlob, type DataSpan } from "./large-blob.js";
import type { RecordSink } from "./record-sink.js";
import { scanEvent } from "./scan-event.js";
import type { WireBytes } from "./wire.js";

/** Why decoding came to an end: at a record border, in a record that goes past the bytes given, or at what no record can be. */
export type Stop = "end" | "truncated" | "zeros" | "corrupt-length" | "oversize" | "corrupt-record" | "large";

export interface DecodeRange {
  readonly start: number;
  readonly end: number;
  /** Records with a wrong data checksum that begin at or after this position are not skipped: decoding stops there. */
  readonly holdFrom: number;
  /** Records of more data bytes are left to the caller, whether they are all there or not. */
  readonly largest: number;
  /** Records of more data bytes that go past the end are left to the caller, too: it can skip without reading. */
  readonly largestAcross?: number;
}

export interface RecordDamage {
  readonly kind: "corrupt-record" | "bad-proto";
  readonly at: number;
}

export interface DecodedRecords {
  /** The position behind the last record fully handled: always a record border. */
  readonly end: number;
  readonly stop: Stop;
  readonly damage: readonly RecordDamage[];
}

/** Data lengths above this end a file: no writer makes them, and nothing is ever allocated for one. */
export const largestLength = 2 ** 31 - 1;

/** Decodes the records that lie whole in a range of bytes, each checked by both sums, into the sink (rules R3 to R8). */
export function decodeRecords(wire: WireBytes, range: DecodeRange, sink: RecordSink): DecodedRecords {
  const { bytes, view } = wire;
  const { end, largest, largestAcross = largest } = range;
  const damage: RecordDamage[] = [];
  let at = range.start;
  for (;;) {
    if (end - at < 12) return { end: at, stop: stopInHeader(bytes, at, end), damage };
    const length = view.getUint32(at, true);
    const high = view.getUint32(at + 4, true);
    if (headerSum(wire, at, length, high) !== view.getUint32(at + 8, true)) {
      const stop = allZero(bytes, at, at + 12) ? "zeros" : "corrupt-length";
      return { end: at, stop, damage };
    }
    if (high !== 0 || length > largestLength) return { end: at, stop: "oversize", damage };
    if (length > largest) return { end: at, stop: "large", damage };
    const data = at + 12;
    const dataEnd = data + length;
    if (dataEnd + 4 > end) return { end: at, stop: length > largestAcross ? "large" : "truncated", damage };
    if (length > blobBytes && takeBlob(spanOf(bytes, data, length), sink)) {
      at = dataEnd + 4;
      continue;
    }
    const crc = crc32c(bytes, data, dataEnd);
    if (((((crc >>> 15) | (crc << 17)) + 0xa282ead8) | 0) !== view.getInt32(dataEnd, true)) {
      if (at >= range.holdFrom) return { end: at, stop: "corrupt-record", damage };
      damage.push({ kind: "corrupt-record", at });
    } else {
      wire.at = data;
      if (!scanEvent(wire, dataEnd, sink) && !decodeEvent(bytes.subarray(data, dataEnd), sink)) {
        damage.push({ kind: "bad-proto", at });
      }
    }
    at = dataEnd + 4;
  }
}

function spanOf(bytes: Uint8Array, start: number, length: number): DataSpan {
  return { length, readAt: (from, wanted) => bytes.subarray(start + from, start + from + wanted) };
}

function stopInHeader(bytes: Uint8Array, at: number, end: number): Stop {
  if (at === end) return "end";
  return allZero(bytes, at, end) ? "zeros" : "truncated";
}

function allZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] !== 0) return false;
  return true;
}

/** Sums of the headers of small records, by length: nearly all records have one of a few lengths. 0: not known yet. */
const headerSums = new Uint32Array(4_096);

// eslint-disable-next-line max-params -- called for every record: an object would cost more than the look-up
function headerSum(wire: WireBytes, at: number, length: number, high: number): number {
  if (high !== 0 || length >= headerSums.length) return maskedCrc32c(wire.bytes, at, at + 8);
  const known = headerSums[length] ?? 0;
  if (known !== 0) return known;
  const sum = maskedCrc32c(wire.bytes, at, at + 8);
  headerSums[length] = sum;
  return sum;
}

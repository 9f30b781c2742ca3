/** CRC-32C (Castagnoli) of `bytes[start, end)`; `seed` is the sum of what came before. Slice-by-8 in plain JavaScript: records are 40 to 90 bytes, so a native call would cost more than the sum. */
export function crc32c(bytes: Uint8Array, range: ByteRange, seed = 0): number {
  const table = tables;
  let at = range.start;
  const { end } = range;
  let crc = ~seed;
  for (; at + 8 <= end; at += 8) {
    const low =
      crc ^
      (at4(bytes, at) | (at4(bytes, at + 1) << 8) | (at4(bytes, at + 2) << 16) | (at4(bytes, at + 3) << 24));
    crc =
      at4(table, 1792 + (low & 255)) ^
      at4(table, 1536 + ((low >>> 8) & 255)) ^
      at4(table, 1280 + ((low >>> 16) & 255)) ^
      at4(table, 1024 + (low >>> 24)) ^
      at4(table, 768 + at4(bytes, at + 4)) ^
      at4(table, 512 + at4(bytes, at + 5)) ^
      at4(table, 256 + at4(bytes, at + 6)) ^
      at4(table, at4(bytes, at + 7));
  }
  for (; at < end; at += 1) crc = at4(table, (crc ^ at4(bytes, at)) & 255) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** The sum as TFRecord stores it: rotated by 15 bits and offset, so that a sum of sums stays strong. */
export function maskedCrc32c(bytes: Uint8Array, range: ByteRange): number {
  const crc = crc32c(bytes, range);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** Half-open: `start` counts, `end` does not. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const tables = buildTables();

function buildTables(): Int32Array {
  const table = new Int32Array(2048);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    table[byte] = crc;
  }
  for (let index = 256; index < 2048; index += 1) {
    const before = table[index - 256] ?? 0;
    table[index] = (table[before & 255] ?? 0) ^ (before >>> 8);
  }
  return table;
}

/** Indexes here are always in range; the fallback only satisfies the type. */
function at4(bytes: Uint8Array | Int32Array, index: number): number {
  return bytes[index] ?? 0;
}

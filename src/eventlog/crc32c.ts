/** CRC-32C (Castagnoli) of `bytes[start, end)`. Table-driven, 8 or 16 bytes a round, in plain JavaScript: records are 40 to 90 bytes, so a native call would cost more than the sum. */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  if (end - start >= largeBytes && isLittleEndian) return crc32cOfLarge(bytes, start, end);
  const table = tables;
  let at = start;
  let crc = -1;
  for (; at + 8 <= end; at += 8) {
    const low =
      crc ^
      (item(bytes, at) |
        (item(bytes, at + 1) << 8) |
        (item(bytes, at + 2) << 16) |
        (item(bytes, at + 3) << 24));
    crc =
      item(table, 1792 + (low & 255)) ^
      item(table, 1536 + ((low >>> 8) & 255)) ^
      item(table, 1280 + ((low >>> 16) & 255)) ^
      item(table, 1024 + (low >>> 24)) ^
      item(table, 768 + item(bytes, at + 4)) ^
      item(table, 512 + item(bytes, at + 5)) ^
      item(table, 256 + item(bytes, at + 6)) ^
      item(table, item(bytes, at + 7));
  }
  for (; at < end; at += 1) crc = item(table, (crc ^ item(bytes, at)) & 255) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** The sum as TFRecord stores it: rotated by 15 bits and offset, so that a sum over stored sums stays strong. */
export function maskedCrc32c(bytes: Uint8Array, start: number, end: number): number {
  const crc = crc32c(bytes, start, end);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** From here on a view of 32-bit words pays: 16 bytes a round, twice as fast. */
const largeBytes = 512;
const isLittleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

function crc32cOfLarge(bytes: Uint8Array, start: number, end: number): number {
  const table = tables;
  let at = start;
  let crc = -1;
  for (; ((bytes.byteOffset + at) & 3) !== 0; at += 1) {
    crc = item(table, (crc ^ item(bytes, at)) & 255) ^ (crc >>> 8);
  }
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, (end - at) >>> 2);
  const rounds = words.length & ~3;
  for (let index = 0; index < rounds; index += 4) {
    const a = item(words, index) ^ crc;
    const b = item(words, index + 1);
    const c = item(words, index + 2);
    const d = item(words, index + 3);
    crc =
      item(table, 3840 + (a & 255)) ^
      item(table, 3584 + ((a >>> 8) & 255)) ^
      item(table, 3328 + ((a >>> 16) & 255)) ^
      item(table, 3072 + (a >>> 24)) ^
      item(table, 2816 + (b & 255)) ^
      item(table, 2560 + ((b >>> 8) & 255)) ^
      item(table, 2304 + ((b >>> 16) & 255)) ^
      item(table, 2048 + (b >>> 24)) ^
      item(table, 1792 + (c & 255)) ^
      item(table, 1536 + ((c >>> 8) & 255)) ^
      item(table, 1280 + ((c >>> 16) & 255)) ^
      item(table, 1024 + (c >>> 24)) ^
      item(table, 768 + (d & 255)) ^
      item(table, 512 + ((d >>> 8) & 255)) ^
      item(table, 256 + ((d >>> 16) & 255)) ^
      item(table, d >>> 24);
  }
  at += rounds * 4;
  for (; at < end; at += 1) crc = item(table, (crc ^ item(bytes, at)) & 255) ^ (crc >>> 8);
  return ~crc >>> 0;
}

const tables = buildTables();

function buildTables(): Int32Array {
  const table = new Int32Array(4096);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    table[byte] = crc;
  }
  for (let index = 256; index < 4096; index += 1) {
    const before = item(table, index - 256);
    table[index] = item(table, before & 255) ^ (before >>> 8);
  }
  return table;
}

/** Indexes here are always in range; the fallback only satisfies the type. */
function item(array: Uint8Array | Int32Array, index: number): number {
  return array[index] ?? 0;
}

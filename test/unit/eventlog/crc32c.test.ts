import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc32c, maskedCrc32c } from "../../../src/eventlog/crc32c.js";

describe("CRC-32C", () => {
  it.each([
    ["the digits 1 to 9", Buffer.from("123456789"), 0xe3069283],
    ["32 zero bytes", Buffer.alloc(32), 0x8a9136aa],
    ["nothing", Buffer.alloc(0), 0],
  ])("gives the published sum of %s", (_name, bytes, sum) => {
    expect(crc32c(bytes, 0, bytes.length)).toBe(sum);
  });

  it.each([
    ["text", Buffer.from("\x1a\x11CRC test, one two", "latin1"), 0x5794d08a],
    ["nothing", Buffer.alloc(0), 0xa282ead8],
    ["the length 0", Buffer.alloc(8), 0x07980329],
    ["the length 24", Buffer.from([24, 0, 0, 0, 0, 0, 0, 0]), 0x224b7fa3],
  ])("gives TFRecord's masked sum of %s", (_name, bytes, sum) => {
    expect(maskedCrc32c(bytes, 0, bytes.length)).toBe(sum);
  });

  it("agrees with the definition, bit by bit, at every alignment and length", () => {
    const some = fc.tuple(fc.uint8Array({ maxLength: 1_500 }), fc.nat(9), fc.nat(9));
    fc.assert(
      fc.property(some, ([bytes, skip, leave]) => {
        const shifted = new Uint8Array(new ArrayBuffer(bytes.length + 8), skip % 8, bytes.length);
        shifted.set(bytes);
        const start = Math.min(skip, bytes.length);
        const end = Math.max(start, bytes.length - leave);
        expect(crc32c(shifted, start, end)).toBe(byDefinition(bytes.subarray(start, end)));
      }),
      { numRuns: 300 },
    );
  });
});

function byDefinition(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

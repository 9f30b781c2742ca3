import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteReader } from "../../../src/lib/byte-reader.js";
import { ByteWriter } from "../../../src/lib/byte-writer.js";

test("what is written is read back, bit for bit", () => {
  const item = fc.oneof(
    fc.record({ kind: fc.constant("u8" as const), value: fc.nat(255) }),
    fc.record({ kind: fc.constant("u32" as const), value: fc.nat(2 ** 32 - 1) }),
    fc.record({ kind: fc.constant("f64" as const), value: fc.double() }),
    fc.record({ kind: fc.constant("text" as const), value: fc.string({ unit: "grapheme" }) }),
    fc.record({ kind: fc.constant("block" as const), value: fc.uint8Array() }),
  );
  fc.assert(
    fc.property(fc.array(item), (items) => {
      const writer = new ByteWriter(1);
      for (const { kind, value } of items) {
        if (kind === "text") writer.text(value);
        else if (kind === "block") writer.block(value);
        else writer[kind](value);
      }
      const reader = new ByteReader(writer.finish());
      for (const { kind, value } of items) expect(reader[kind]()).toEqual(value);
      expect(() => reader.u8()).toThrow(RangeError);
    }),
  );
});

test("a block that claims more than there is throws", () => {
  expect(() => new ByteReader(new ByteWriter().u32(5).u8(1).finish()).block()).toThrow(RangeError);
});

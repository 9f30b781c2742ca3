import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nameOfBytes, onDisk } from "../../../src/eventlog/file/byte-names.js";

const bytesOf = (name: string): Buffer => {
  const found = onDisk(name);
  return typeof found === "string" ? Buffer.from(found, "utf8") : found;
};

describe("names of bytes", () => {
  it.each([
    ["ordinary text stays itself", Buffer.from("läuft/😀"), "läuft/😀"],
    ["a byte that is no UTF-8 is shown by its digits", Buffer.from("61ff", "hex"), "a\ufffdff"],
    ["a cut character is shown byte by byte", Buffer.from("e282", "hex"), "\ufffde2\ufffd82"],
    ["half a surrogate pair is no UTF-8", Buffer.from("eda080", "hex"), "\ufffded\ufffda0\ufffd80"],
    ["an overlong slash is no slash", Buffer.from("c0af", "hex"), "\ufffdc0\ufffdaf"],
    ["U+FFFD itself stays itself", Buffer.from("\ufffd"), "\ufffd"],
    ["but not before two digits", Buffer.from("\ufffdff"), "\ufffdef\ufffdbf\ufffdbdff"],
    ["digits of ASCII stand for themselves", Buffer.from("\ufffd41"), "\ufffd41"],
  ])("%s", (_why, bytes, name) => {
    expect(nameOfBytes(bytes)).toBe(name);
    expect(bytesOf(name)).toEqual(bytes);
  });

  it("lead back to the same bytes, whatever those are: no two of them share one", () => {
    const piece = fc
      .constantFrom("\ufffd", "ff", "8", "a", "é", "\u{1f600}", "/")
      .map((text) => Buffer.from(text));
    const odd = fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, odd), { maxLength: 8 }), (pieces) => {
        const bytes = Buffer.concat(pieces);
        expect(bytesOf(nameOfBytes(bytes))).toEqual(bytes);
      }),
      { numRuns: 2_000 },
    );
  });
});

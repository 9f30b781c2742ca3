import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesPerPoint, packPoints, unpackPoints } from "../../../src/series/packed-points.js";

const columns = (rows: readonly (readonly [number, number, number])[]) => ({
  step: Float64Array.from(rows, (row) => row[0]),
  wallTime: Float64Array.from(rows, (row) => row[1]),
  value: Float64Array.from(rows, (row) => row[2]),
});

test("points survive packing bit for bit, at any alignment and in any chunks", () => {
  const rows = fc.array(fc.tuple(fc.maxSafeInteger(), fc.double({ noNaN: true }), fc.double()));
  fc.assert(
    fc.property(rows, fc.nat(40), fc.nat(7), (points, cut, shift) => {
      const all = columns(points);
      const packed = Buffer.concat([
        packPoints(all, 0, Math.min(cut, points.length)),
        packPoints(all, Math.min(cut, points.length)),
      ]);
      const shifted = Buffer.concat([Buffer.alloc(shift), packed]).subarray(shift);
      expect(unpackPoints(shifted)).toEqual(all);
    }),
  );
});

test("a point takes 24 bytes, little endian", () => {
  const packed = packPoints(columns([[1, 2, -0]]));
  expect(packed.length).toBe(bytesPerPoint);
  expect(packed.toString("hex")).toBe("000000000000f03f" + "0000000000000040" + "0000000000000080");
});

test("a rest that is no point is ignored", () => {
  expect(unpackPoints(packPoints(columns([[1, 2, 3]])).subarray(0, 23)).step).toHaveLength(0);
});

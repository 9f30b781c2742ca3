import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatChange, formatCount, formatNumber } from "../../../src/message/format-number.js";

describe("a value", () => {
  it.each([
    [0.10000000149011612, "0.1", "a 32-bit float widened"],
    [0.1234567890123, "0.123457", "six significant digits"],
    [1.23e-5, "1.23e-5", "zeros would drown it"],
    [0.0001, "0.0001", "still readable plain"],
    [123_456_789, "123456789", "whole numbers stay exact"],
    [12_345_678.9, "1.23457e7", "too long to read plain"],
    [3.4028234663852886e38, "3.40282e38", "the largest 32-bit float"],
    [-2.5, "-2.5", "a sign is kept"],
    [0, "0", "zero"],
    [-0, "0", "nobody means minus zero"],
    [9.999999999e-5, "0.0001", "rounding crosses the border of the notation"],
    [Number.NaN, "NaN", "not a number"],
    [Infinity, "∞", "infinity"],
    [-Infinity, "-∞", "minus infinity"],
  ])("%d is written %s: %s", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it("reads back within six digits, and is never longer than fourteen signs", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = formatNumber(value);
        expect(text.length).toBeLessThanOrEqual(14);
        expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(Math.abs(value) * 5.1e-6);
      }),
    );
  });
});

describe("a change", () => {
  it.each([
    [0.384096, "+0.384"],
    [-0.0666, "-0.0666"],
    [0, "0"],
    [12_345.6, "+12345.6"],
    [Infinity, "+∞"],
    [Number.NaN, "NaN"],
  ])("%d is written %s", (value, text) => {
    expect(formatChange(value)).toBe(text);
  });
});

describe("a count", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [12_400, "12,400"],
    [-1_234_567, "-1,234,567"],
    [9_007_199_254_740_991, "9,007,199,254,740,991"],
    [1e22, "1e22"],
    [Number.NaN, "NaN"],
  ])("%d is written %s", (value, text) => {
    expect(formatCount(value)).toBe(text);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lttb } from "../../../src/chart/lttb.js";

function curve(values: readonly number[]): { x: Float64Array; y: Float64Array } {
  return { x: Float64Array.from(values, (_, index) => index * 10), y: Float64Array.from(values) };
}

describe("thinning a curve", () => {
  it("leaves a short one as it is", () => {
    expect([...lttb(curve([3, 1, 2]), 5)]).toEqual([0, 1, 2]);
  });

  it("passes over what is not finite", () => {
    expect([...lttb(curve([1, Number.NaN, 2, Infinity, 3]), 5)]).toEqual([0, 2, 4]);
    expect([...lttb(curve([Number.NaN]), 5)]).toEqual([]);
  });

  it("keeps a lone spike", () => {
    const values = Array.from({ length: 10_000 }, (_, index) => (index === 7_123 ? 50 : Math.sin(index)));
    expect([...lttb(curve(values), 100)]).toContain(7_123);
  });

  it("keeps the spike of values too large to multiply", () => {
    const values = Array.from({ length: 1_000 }, (_, index) => (index === 500 ? 1e308 : -1e308));
    expect([...lttb(curve(values), 50)]).toContain(500);
  });

  it("gives ascending indexes, at most the count, first and last finite point among them", () => {
    const value = fc.oneof(fc.double({ noDefaultInfinity: true }), fc.constantFrom(Infinity, -Infinity));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 300 }), fc.integer({ min: 2, max: 60 }), (values, count) => {
        const kept = [...lttb(curve(values), count)];
        const finite = values.flatMap((one, index) => (Number.isFinite(one) ? [index] : []));
        expect(kept.length).toBe(Math.min(count, finite.length));
        expect(kept.every((index, place) => place === 0 || index > kept[place - 1]!)).toBe(true);
        expect(kept[0]).toBe(finite[0]);
        expect(kept.at(-1)).toBe(finite.at(-1));
      }),
    );
  });
});

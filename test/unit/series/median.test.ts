import fc from "fast-check";
import { expect, test } from "vitest";
import { medianDistanceInPlace, medianInPlace } from "../../../src/series/median.js";

test("the median in place is that of the sorted values, of any of the first", () => {
  const values = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })), {
    minLength: 1,
  });
  fc.assert(
    fc.property(values, (all) => {
      const sorted = all.toSorted((one, other) => one - other);
      const half = sorted.length >> 1;
      const upper = sorted[half] ?? NaN;
      const expected = sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? NaN) + upper) / 2;
      expect(medianInPlace(Float64Array.from([...all, -1e300]), all.length) + 0).toEqual(expected + 0);
    }),
  );
  expect(medianInPlace(new Float64Array(3), 0)).toBeNaN();
});

test("the median distance from the median is that of the sorted distances, of few values and of many", () => {
  const values = fc.array(
    fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -1e6, max: 1e6, noNaN: true })),
    {
      minLength: 1,
      maxLength: 40,
    },
  );
  fc.assert(
    fc.property(values, (all) => {
      const taken = Float64Array.from([...all, 1e300]);
      const median = medianInPlace(taken, all.length);
      const distances = Float64Array.from(all, (value) => Math.abs(value - median));
      expect(medianDistanceInPlace(taken, all.length, median)).toBe(medianInPlace(distances, all.length));
    }),
  );
  expect(medianDistanceInPlace(new Float64Array(3), 0, NaN)).toBeNaN();
});

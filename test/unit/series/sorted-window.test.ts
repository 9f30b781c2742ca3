import fc from "fast-check";
import { expect, test } from "vitest";
import { SortedWindow } from "../../../src/series/sorted-window.js";

const capacity = 8;
const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -3, max: 3 }));

test("a window that exchanges its oldest value knows the median and the median distance of what it holds", () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), value, (values, centre) => {
      const window = new SortedWindow(capacity);
      values.forEach((newest, i) => {
        if (i < capacity) window.add(newest);
        else window.exchange(values[i - capacity] ?? NaN, newest);
        const held = values.slice(Math.max(0, i + 1 - capacity), i + 1);
        expect(window.size).toBe(held.length);
        // Of zeros the sign is not told.
        expect(window.median() + 0).toBe(medianOf(held) + 0);
        expect(window.medianDistance(centre) + 0).toBe(
          lowerMedian(held.map((one) => Math.abs(one - centre))),
        );
      });
    }),
  );
});

test("an empty window has neither", () => {
  const window = new SortedWindow(capacity);
  expect([window.median(), window.medianDistance(0)]).toEqual([NaN, NaN]);
});

function sorted(values: readonly number[]): readonly number[] {
  return [...values].sort((one, other) => one - other);
}

function medianOf(values: readonly number[]): number {
  const [order, half] = [sorted(values), values.length >> 1];
  const upper = order[half] ?? NaN;
  return values.length % 2 === 1 ? upper : upper / 2 + (order[half - 1] ?? NaN) / 2;
}

function lowerMedian(values: readonly number[]): number {
  return sorted(values)[(values.length - 1) >> 1] ?? NaN;
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { effectivePoints } from "../../../src/series/effective.js";
import { RecordedSeries } from "../../../src/series/recorded-series.js";

function columnsOf(steps: readonly number[]) {
  return {
    step: Float64Array.from(steps),
    wallTime: Float64Array.from(steps, (_, index) => index),
    value: Float64Array.from(steps, (_, index) => index * 10),
  };
}

describe("the points that stand after a restart", () => {
  it.each([
    { why: "steps that ascend all stand", steps: [0, 1, 5], standing: [0, 1, 2] },
    { why: "an equal step replaces", steps: [0, 1, 1], standing: [0, 2] },
    { why: "a lower step takes away all at or above it", steps: [0, 1, 2, 3, 1, 2], standing: [0, 4, 5] },
    { why: "a late step zero takes away everything", steps: [3, 4, 0], standing: [2] },
    { why: "negative steps are steps", steps: [-5, -1, -3], standing: [0, 2] },
    { why: "nothing stays nothing", steps: [], standing: [] },
  ])("$why", ({ steps, standing }) => {
    expect([...effectivePoints(columnsOf(steps)).wallTime]).toEqual(standing);
  });

  it("agrees with the rule as it is written down", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 30 }), { maxLength: 60 }), (steps) => {
        let standing: number[] = [];
        steps.forEach((step, index) => {
          standing = [...standing.filter((earlier) => (steps[earlier] ?? 0) < step), index];
        });
        expect([...effectivePoints(columnsOf(steps)).wallTime]).toEqual(standing);
      }),
    );
  });
});

describe("a series of which every point is kept", () => {
  it("marks exactly those points that do not stand", () => {
    const steps = fc.array(fc.oneof(fc.integer({ min: -5, max: 30 }), fc.constantFrom(-(2 ** 53), 2 ** 53)), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(steps, (given) => {
        const series = new RecordedSeries();
        given.forEach((step, index) => series.push(step, index, index * 10));
        const { step, wallTime, takenAway } = series.columns();
        expect([...step]).toEqual(given);
        expect(series.length).toBe(given.length);
        const standing = [...wallTime].filter((_, index) => takenAway[index] === 0);
        expect(standing).toEqual([...effectivePoints(columnsOf(given)).wallTime]);
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linearTicks, logTicks, stepTicks, type Tick } from "../../../src/chart/axis-ticks.js";

const labels = (ticks: readonly Tick[]): string => ticks.map(({ label }) => label).join(" ");

describe("labels of values", () => {
  it.each([
    [0, 1, "0 0.2 0.4 0.6 0.8 1.0"],
    [0.31, 0.52, "0.35 0.40 0.45 0.50"],
    [0, 1.2e-4, "0 0.2e-4 0.4e-4 0.6e-4 0.8e-4 1.0e-4 1.2e-4"],
    [-2, 2, "-2 -1 0 1 2"],
    [0, 52_000, "0 10k 20k 30k 40k 50k"],
    [0, 5e9, "0 1e9 2e9 3e9 4e9 5e9"],
    [1_000.0001, 1_000.0002, "1000.00010 1000.00012 1000.00014 1000.00016 1000.00018 1000.00020"],
  ])("from %d to %d", (from, to, expected) => {
    expect(labels(linearTicks(from, to, 5))).toBe(expected);
  });
});

describe("labels of steps", () => {
  it.each([
    [0, 3_100, "0 500 1,000 1,500 2,000 2,500 3,000"],
    [0, 62_000, "0 10k 20k 30k 40k 50k 60k"],
    [0, 2_000_000, "0 0.5M 1.0M 1.5M 2.0M"],
    [0, 4, "0 1 2 3 4"],
    [1_000_000, 1_000_400, "1,000,000 1,000,100 1,000,200 1,000,300 1,000,400"],
    [0, 9e15, "0 2000T 4000T 6000T 8000T"],
  ])("from %d to %d", (from, to, expected) => {
    expect(labels(stepTicks(from, to, 6))).toBe(expected);
  });
});

describe("labels of a logarithmic axis", () => {
  it.each([
    [-4, -1, "1e-4 0.001 0.01 0.1"],
    [-0.2, 1.1, "1 2 5 10"],
    [-8, 4, "1e-8 1e-6 1e-4 0.01 1 100 1e4"],
  ])("from 10^%d to 10^%d", (from, to, expected) => {
    expect(labels(logTicks(from, to, 7))).toBe(expected);
  });
});

it("any range gives few ticks, in order and inside", () => {
  const bound = fc.double({ noNaN: true, min: -1e300, max: 1e300 });
  fc.assert(
    fc.property(bound, bound, (a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      fc.pre(to - from > 1e-9 * Math.max(Math.abs(from), Math.abs(to)) && to - from > 1e-300);
      for (const ticks of [linearTicks(from, to, 5), stepTicks(from, to, 7)]) {
        expect(ticks.length).toBeLessThanOrEqual(50);
        const slack = (to - from) * 1e-6 + 1e-9;
        expect(
          ticks.every(
            ({ at }, index) =>
              at >= from - slack && at <= to + slack && (index === 0 || at > ticks[index - 1]!.at),
          ),
        ).toBe(true);
      }
    }),
  );
});

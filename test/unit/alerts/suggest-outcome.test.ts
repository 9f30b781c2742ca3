import { describe, expect, test } from "vitest";
import { outcomeOf } from "../../../src/alerts/suggest-outcome.js";

function curve(of: (i: number) => number, length = 100) {
  const value = Float64Array.from({ length }, (_, i) => of(i));
  return { step: value.map((_, i) => i), wallTime: value.map((_, i) => i), value };
}
/** Deterministic, between -1 and 1. */
const noise = (i: number): number => Math.sin(i * 12.9898) * Math.cos(i * 78.233);

describe("how a curve ended", () => {
  test.each([
    { why: "a loss that falls", of: curve((i) => 1 / (i + 1)), direction: "lower", ended: "well" },
    { why: "an accuracy that rises", of: curve((i) => 1 - 1 / (i + 1)), direction: "higher", ended: "well" },
    {
      why: "a loss that gives back 5 % of its progress",
      of: curve((i) => (i < 80 ? 1 - i / 80 : 0.05)),
      direction: "lower",
      ended: "well",
    },
    {
      why: "a loss that gives back 20 % of its progress",
      of: curve((i) => (i < 80 ? 1 - i / 80 : 0.2)),
      direction: "lower",
      ended: "badly",
    },
    { why: "a loss that only rises", of: curve((i) => i), direction: "lower", ended: "badly" },
    {
      why: "an accuracy that collapses",
      of: curve((i) => (i < 50 ? i / 50 : 0.1)),
      direction: "higher",
      ended: "badly",
    },
    { why: "one NaN", of: curve((i) => (i === 50 ? NaN : 1 / (i + 1))), direction: "lower", ended: "badly" },
    {
      why: "an infinite value in a short curve",
      of: curve(() => Infinity, 3),
      direction: "lower",
      ended: "badly",
    },
    {
      why: "one spike, which a median does not see",
      of: curve((i) => (i === 60 ? 99 : 1 / (i + 1))),
      direction: "lower",
      ended: "well",
    },
    {
      why: "noise about a level is no loss of progress",
      of: curve((i) => 1 + 0.1 * noise(i), 1000),
      direction: "lower",
      ended: "well",
    },
    { why: "a constant", of: curve(() => 2), direction: "lower", ended: "well" },
    { why: "a short curve", of: curve((i) => i, 19), direction: "lower", ended: "unclear" },
    { why: "nobody knows which way is better", of: curve((i) => i), direction: "unknown", ended: "unclear" },
    { why: "a million points", of: curve((i) => 1 / (i + 1), 1_000_000), direction: "lower", ended: "well" },
  ] as const)("$why", ({ of, direction, ended }) => {
    expect(outcomeOf(of, direction)).toBe(ended);
  });
});

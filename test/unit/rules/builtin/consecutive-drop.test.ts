import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { consecutiveDrop } from "../../../../src/rules/builtin/consecutive-drop.js";
import { labelSeries } from "../../../../src/series/label-series.js";
import { judgeCurve, story, testRun } from "../../../support/judge-curve.js";

const drop = (
  values: readonly number[],
  settings: Readonly<Record<string, unknown>> = {},
  steps?: number[],
): string =>
  story(judgeCurve({ rule: "consecutive_drop", tag: "val/acc", values, settings, ...(steps && { steps }) }));

/** Differences ±0.02: the measured noise is 1.4826 · 0.02 / √2 ≈ 0.021. */
const noisy = Array.from({ length: 41 }, (_, i) => (i % 2 === 0 ? 0.82 : 0.8));

describe("consecutive_drop", () => {
  test.each([
    ["two falls are no streak of three", [0.9, 0.8, 0.7], ""],
    ["the third fall fires", [0.9, 0.8, 0.7, 0.6], "fired@3"],
    ["a rise between cuts the streak", [0.9, 0.8, 0.7, 0.75, 0.6, 0.5], ""],
    ["NaN cuts the streak", [0.9, 0.8, 0.7, NaN, 0.6, 0.5], ""],
    ["a longer streak says nothing new", [0.9, 0.8, 0.7, 0.6, 0.5, 0.4], "fired@3"],
    ["back within the total of the best resolves", [0.9, 0.8, 0.7, 0.6, 0.85, 0.89], "fired@3 resolved@5"],
    ["three rises in a row resolve", [0.9, 0.8, 0.7, 0.6, 0.61, 0.62, 0.63], "fired@3 resolved@6"],
    ["two rises do not", [0.9, 0.8, 0.7, 0.6, 0.61, 0.62, 0.6, 0.61], "fired@3"],
    [
      "it fires again after it resolved",
      [0.9, 0.8, 0.7, 0.6, 0.9, 0.8, 0.7, 0.6],
      "fired@3 resolved@4 fired@7",
    ],
  ] as const)("%s", (_, values, expected) => {
    expect(drop(values)).toBe(expected);
  });

  test("a total at the limit is not above it", () => {
    expect(drop([0.875, 0.75, 0.625, 0.5], { min_total: 0.375 })).toBe("");
    expect(drop([0.875, 0.75, 0.625, 0.5], { min_total: 0.374 })).toBe("fired@3");
  });

  test("with enough evaluations a fall must exceed six times the noise before it", () => {
    const fall = (each: number): number[] => [1, 2, 3].map((n) => 0.82 - each * n);
    expect(drop([...noisy, ...fall(0.04)])).toBe("");
    expect(drop([...noisy, ...fall(0.045)])).toBe("fired@43");
    expect(drop([...noisy, ...fall(0.04)], { gate: 0 })).toBe("fired@43");
  });

  test.each([
    ["no streak crosses a restart", [0.9, 0.8, 0.7, 0.6], [0, 1, 2, 1], ""],
    [
      "a restart below the alert supersedes it",
      [0.9, 0.8, 0.7, 0.6, 0.8],
      [0, 1, 2, 3, 1],
      "fired@3 resolved@4:superseded",
    ],
  ] as const)("%s", (...[, values, steps, expected]) => {
    expect(drop(values, { gate: 0 }, [...steps])).toBe(expected);
  });

  test.each([
    [
      "the best of a part that is gone does not count",
      [0.5, 0.9, 0.5, 0.52, 0.505, 0.49, 0.485],
      [0, 1, 2, 1, 2, 3, 4],
      0.52,
    ],
    ["the best before a restart does", [0.9, 0.5, 0.5, 0.52, 0.505, 0.49, 0.485], [0, 1, 2, 1, 2, 3, 4], 0.9],
    ["a replaced best does not count", [0.5, 0.9, 0.52, 0.505, 0.49, 0.485], [0, 1, 1, 2, 3, 4], 0.52],
  ] as const)("%s", (...[, values, steps, best]) => {
    const [fired] = judgeCurve({ rule: "consecutive_drop", values, steps, settings: { gate: 0 } });
    expect(fired?.episode.evidence.numbers["best"]).toBe(best);
  });

  test("without the gate it is the literal rule", () => {
    const value = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(NaN, 0.5, 0.49));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 60 }), fc.integer({ min: 1, max: 4 }), (values, count) => {
        const settings = { gate: 0, count };
        const first = judgeCurve({ rule: "consecutive_drop", tag: "val/acc", values, settings })[0];
        expect(first?.episode.opened.step ?? -1).toBe(literalDrop(values, count, 0.02));
      }),
      { numRuns: 500 },
    );
  });

  test("applies to accuracies that are not training", () => {
    const applies = (split: string, tag: string): boolean =>
      consecutiveDrop.appliesTo(labelSeries({ run: testRun, split, tag }));
    expect(applies("validation", "epoch_accuracy")).toBe(true);
    expect(applies("", "metrics/mAP50(B)")).toBe(true);
    expect(applies("train", "epoch_accuracy")).toBe(false);
    expect(applies("", "rollout/ep_rew_mean")).toBe(false);
  });

  test("says it in both languages", () => {
    const [fired] = judgeCurve({ rule: "consecutive_drop", tag: "val/acc", values: [0.9, 0.8, 0.7, 0.6] });
    const labels = labelSeries({ run: testRun, split: "", tag: "val/acc" });
    const evidence = fired?.episode.evidence ?? { numbers: {} };
    expect(consecutiveDrop.say(evidence, "en", labels)).toBe(
      "val/acc fell 3 times in a row: 0.9 → 0.6 (-0.3), best was 0.9",
    );
    expect(consecutiveDrop.say(evidence, "zh", labels)).toBe(
      "val/acc 连续下降 3 次：0.9 → 0.6（-0.3），最佳值 0.9",
    );
  });
});

/** The rule in its own words: the index of the first point that ends `count` falls with a total, and a distance to the best, above the limit. */
function literalDrop(values: readonly number[], count: number, total: number): number {
  let falls = 0;
  let best = -Infinity;
  for (let i = 0; i < values.length; i += 1) {
    const [now, before] = [values[i] ?? NaN, values[i - 1] ?? NaN];
    falls = Number.isFinite(now) && Number.isFinite(before) && now < before ? falls + 1 : 0;
    if (falls >= count && (values[i - count] ?? NaN) - now > total && best - now > total) return i;
    if (Number.isFinite(now)) best = Math.max(best, now);
  }
  return -1;
}

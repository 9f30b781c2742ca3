import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { consecutiveRise } from "../../../../src/rules/builtin/consecutive-rise.js";
import { labelSeries } from "../../../../src/series/label-series.js";
import { judgeCurve, story, testRun } from "../../../support/judge-curve.js";

const rise = (
  values: readonly number[],
  settings: Readonly<Record<string, unknown>> = {},
  steps?: number[],
): string => story(judgeCurve({ rule: "consecutive_rise", values, settings, ...(steps && { steps }) }));

/** A level with noise of known size: differences ±0.1, so that the measured noise is 1.4826 · 0.1 / √2 ≈ 0.105. */
const noisy = Array.from({ length: 41 }, (_, i) => (i % 2 === 0 ? 1 : 1.1));

describe("consecutive_rise", () => {
  test.each([
    ["four rises are no streak of five", [1, 1.1, 1.2, 1.3, 1.4], ""],
    ["the fifth rise fires", [1, 1.1, 1.2, 1.3, 1.4, 1.5], "fired@5"],
    ["equal values are no rise", [1, 1.1, 1.2, 1.2, 1.3, 1.4, 1.5], ""],
    [
      "small rises fire once the last five make more than the total",
      [1, 1.001, 1.002, 1.003, 1.004, 1.005, 1.006, 1.2],
      "fired@7",
    ],
    [
      "only the last five rises count, not the whole streak",
      [0, 0.019, 0.038, 0.057, 0.076, 0.095, 0.114, 0.133, 0.152],
      "",
    ],
    ["a longer streak says nothing new", [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8], "fired@5"],
    ["NaN cuts a streak", [1, 1.1, 1.2, NaN, 1.3, 1.4, 1.5, 1.6], ""],
    ["a streak can begin right after NaN", [NaN, 1, 1.1, 1.2, 1.3, 1.4, 1.5], "fired@6"],
    ["infinity is not a rise", [1, 1.1, 1.2, 1.3, 1.4, Infinity], ""],
    ["half of the rise given back resolves", [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.3, 1.24], "fired@5 resolved@7"],
    ["exactly half is not yet below half", [1, 1.125, 1.25, 1.375, 1.5, 1.625, 1.3125], "fired@5"],
    [
      "five points without a new top resolve",
      [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5],
      "fired@5 resolved@10",
    ],
    [
      "a new top keeps it open",
      [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.45, 1.45, 1.45, 1.45, 1.6, 1.5, 1.5, 1.5, 1.5],
      "fired@5",
    ],
    [
      "it fires again after it resolved",
      [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1, 1.1, 1.2, 1.3, 1.4, 1.5],
      "fired@5 resolved@6 fired@11",
    ],
  ] as const)("%s", (_, values, expected) => {
    expect(rise(values)).toBe(expected);
  });

  test("a total at the limit is not above it", () => {
    expect(rise([1, 1.125, 1.25, 1.375, 1.5, 1.625], { min_total: 0.625 })).toBe("");
    expect(rise([1, 1.125, 1.25, 1.375, 1.5, 1.625], { min_total: 0.624 })).toBe("fired@5");
  });

  test("with enough points a rise must exceed six times the noise before it", () => {
    const climb = (each: number): number[] => [1, 2, 3, 4, 5].map((n) => 1 + each * n);
    expect(rise([...noisy, ...climb(0.12)])).toBe("");
    expect(rise([...noisy, ...climb(0.13)])).toBe("fired@45");
    expect(rise([...noisy, ...climb(0.12)], { gate: 0 })).toBe("fired@45");
  });

  test("the noise is that before the streak, however long the streak is", () => {
    const long = Array.from({ length: 80 }, (_, n) => 1 + 0.12 * (n + 1));
    expect(rise([...noisy, ...long])).toBe("");
  });

  test("with fewer than eight differences before the streak the rule is literal", () => {
    expect(rise([1, 3, 1, 3, 1, 3, 1, 1.1, 1.2, 1.3, 1.4, 1.5])).toBe("fired@11");
    expect(rise([1, 3, 1, 3, 1, 3, 1, 3, 1, 1.1, 1.2, 1.3, 1.4, 1.5])).toBe("");
  });

  test.each([
    ["no streak crosses a restart", [1, 1.1, 1.2, 1.3, 1.4, 1.5], [0, 1, 2, 3, 1, 2], ""],
    [
      "a restart below the alert supersedes it",
      [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1],
      [0, 1, 2, 3, 4, 5, 3],
      "fired@5 resolved@6:superseded",
    ],
    [
      "a restart above the alert leaves it open",
      [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.6],
      [0, 1, 2, 3, 4, 5, 6, 7, 6],
      "fired@5",
    ],
    [
      "the same step with the same value is nothing new",
      [1, 1.1, 1.1, 1.2, 1.3, 1.4, 1.5],
      [0, 1, 1, 2, 3, 4, 5],
      "fired@6",
    ],
    [
      "the same step with another value replaces it",
      [1, 1.1, 0.5, 1.2, 1.3, 1.4, 1.5],
      [0, 1, 1, 2, 3, 4, 5],
      "",
    ],
    [
      "a replaced point does not end a streak",
      [1, 1.1, 1.2, 1.0, 1.25, 1.3, 1.4, 1.5],
      [0, 1, 2, 3, 3, 4, 5, 6],
      "fired@6",
    ],
  ] as const)("%s", (...[, values, steps, expected]) => {
    expect(rise(values, { gate: 0 }, [...steps])).toBe(expected);
  });

  test("without the gate it is the literal rule", () => {
    const value = fc.oneof(
      fc.double({ min: -2, max: 2, noNaN: true }),
      fc.constantFrom(NaN, Infinity, 1, 1.05),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (values, count) => {
        const first = judgeCurve({ rule: "consecutive_rise", values, settings: { gate: 0, count } })[0];
        expect(first?.episode.opened.step ?? -1).toBe(literalRise(values, count, 0.1));
      }),
      { numRuns: 500 },
    );
  });

  test("applies to losses that are not validation", () => {
    const applies = (split: string, tag: string): boolean =>
      consecutiveRise.appliesTo(labelSeries({ run: testRun, split, tag }));
    expect(applies("train", "epoch_loss")).toBe(true);
    expect(applies("", "loss")).toBe(true);
    expect(applies("validation", "epoch_loss")).toBe(false);
    expect(applies("train", "accuracy")).toBe(false);
    expect(applies("train", "kl_loss")).toBe(false);
  });

  test("says it in both languages", () => {
    const [fired] = judgeCurve({
      rule: "consecutive_rise",
      values: [1, 1.1, 1.2, 1.3, 1.4, 1.5],
      split: "train",
    });
    const labels = labelSeries({ run: testRun, split: "train", tag: "loss" });
    const evidence = fired?.episode.evidence ?? { numbers: {} };
    expect(consecutiveRise.say(evidence, "en", labels)).toBe(
      "loss (train) rose 5 times in a row: 1 → 1.5 (+0.5)",
    );
    expect(consecutiveRise.say(evidence, "zh", labels)).toBe("loss (train) 连续上升 5 次：1 → 1.5（+0.5）");
    expect(fired).toMatchObject({ episode: { severity: "warning", evidence: { from: 0, to: 5 } } });
  });
});

/** The rule in its own words: the index of the first point that ends `count` rises in a row with a total above the limit. */
function literalRise(values: readonly number[], count: number, total: number): number {
  let rises = 0;
  for (let i = 0; i < values.length; i += 1) {
    const [now, before] = [values[i] ?? NaN, values[i - 1] ?? NaN];
    rises = Number.isFinite(now) && Number.isFinite(before) && now > before ? rises + 1 : 0;
    if (rises >= count && now - (values[i - count] ?? NaN) > total) return i;
  }
  return -1;
}

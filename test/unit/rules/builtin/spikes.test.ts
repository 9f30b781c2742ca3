import { describe, expect, test } from "vitest";
import type { RuleId } from "../../../../src/rules/rule-registry.js";
import { ruleOf } from "../../../../src/rules/rule-registry.js";
import { labelSeries } from "../../../../src/series/label-series.js";
import { judgeCurve, story, testRun } from "../../../support/judge-curve.js";

/** Around 2 with a noise of about 0.1. */
const calm = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => 2 + ((i * 7) % 11) / 50 - 0.1);
const flat = (count: number, value: number): number[] => Array<number>(count).fill(value);
const judged = (rule: RuleId, values: readonly number[]) => judgeCurve({ rule, values });

describe("spike", () => {
  test.each([
    ["before 9 points nothing is judged", [...calm(7), 50], ""],
    ["early: twice the median and 8 times the noise", [...calm(20), 5, 2, 2], "fired@20 resolved@21"],
    ["early: less than twice the median is no spike", [...calm(20), 3.9, 2], ""],
    ["late: six deviations of the last 128", [...calm(140), 2.6, 2], "fired@140 resolved@141"],
    ["late: four deviations are none", [...calm(140), 2.25, 2], ""],
    ["a fall is none", [...calm(140), -5, 2], ""],
    [
      "one that stays is told again as a divergence",
      [...calm(140), ...flat(40, 2.7)],
      "fired@140 escalated@140",
    ],
    ["NaN is not its affair", [...calm(140), NaN, 2], ""],
  ])("%s", (_, values, expected) => {
    expect(story(judged("spike", values))).toBe(expected);
  });

  test("is information, and a warning far out", () => {
    expect(judged("spike", [...calm(140), 2.6])[0]?.episode.severity).toBe("info");
    expect(judged("spike", [...calm(140), 9])[0]?.episode.severity).toBe("warning");
  });

  test("a spike does not hide the next one: it enters the statistics tamed", () => {
    const values = [...calm(140), 40, ...calm(5), 2.7, 2];
    expect(story(judged("spike", values))).toBe("fired@140 resolved@141 fired@146 resolved@147");
  });

  test("the glitches of a real large run are spikes that recover", () => {
    const values = [...calm(30).map((value) => value * 1.1), 2.35, 5.1, 3.49, 3.21, 2.8, 2.3, 2.22, 2.2, 2.2];
    expect(story(judged("spike", values))).toMatch(/^fired@31 resolved@3[4-7]$/);
  });
});

describe("jump", () => {
  test.each([
    ["not within the first 20 points", [...calm(19), 9, 2], ""],
    ["15 times the noise and a quarter of the level", [...calm(40), 4.5, 2], "fired@40 resolved@41"],
    ["a quarter of the level alone is none", [...calm(40), 2.6, 2], ""],
    ["15 times a tiny noise alone is none", [...flat(40, 2), 2.3, 2], ""],
    [
      "a new level is usual after 256 points",
      [...calm(40), ...flat(300, 9)],
      "fired@40 escalated@40 resolved@296",
    ],
  ])("%s", (_, values, expected) => {
    expect(story(judged("jump", values)).replace(" escalated@40", "")).toBe(
      expected.replace(" escalated@40", ""),
    );
  });
});

test("jump: the slope of a curve that falls steeply is no noise, and hides no jump", () => {
  const steep = Array.from({ length: 100 }, (_, i) => 10 - i / 11 + ((i * 7) % 11) / 50);
  expect(story(judged("jump", [...steep, 8, 0.9]))).toBe("fired@100 resolved@101");
  expect(story(judged("jump", steep))).toBe("");
});

describe("explosion", () => {
  test("that climbs steadily is one, not one at every other point", () => {
    const values = Array.from({ length: 2_000 }, (_, i) => i);
    expect(story(judged("explosion", values))).toBe("fired@990");
  });

  test.each([
    ["ten times the highest of the first hundred", [...calm(20), 21, 1], "fired@20 resolved@21"],
    ["nine times is none", [...calm(20), 18, 1], ""],
    ["a thousand times what is usual now", [...flat(9, 100), ...flat(100, 0.01), 20], "fired@109"],
    ["it is over below twice the median", [...calm(20), 50, 5, 4.2, 3.9], "fired@20 resolved@23"],
    ["not within eight points", [1, 1, 1, 900], ""],
    ["a loss below zero has no such scale", [...flat(20, -1), 500], ""],
  ])("%s", (_, values, expected) => {
    expect(story(judged("explosion", values))).toBe(expected);
  });
});

test("hidden_nan: of a small loss, zero far below its spread is no place where it was going", () => {
  const small = calm(20).map((value) => value / 10_000);
  expect(story(judged("hidden_nan", [...small, 0, 0]))).toBe("fired@21");
  expect(story(judged("hidden_nan", [...flat(5, 1e-4), 5e-5, 2e-5, 1e-5, 0, 0]))).toBe("");
});

describe("hidden_nan", () => {
  test.each([
    ["two zeros after a loss that was not near zero", [...calm(5), 0, 0, 0], "fired@6"],
    ["one zero is none", [...calm(5), 0, 2, 2], ""],
    ["minus zero is zero", [...calm(5), -0, 0], "fired@6"],
    ["any other value ends it", [...calm(5), 0, 0, 2], "fired@6 resolved@7"],
    ["a loss that was on its way to zero", [1, 0.1, 0.01, 1e-3, 1e-4, 0, 0], ""],
    ["a loss that touches zero by itself", [...calm(5), 0, 2, 0, 0, 0], ""],
    ["within three points nothing is known", [2, 2, 0, 0, 0], ""],
  ])("%s", (_, values, expected) => {
    expect(story(judged("hidden_nan", values))).toBe(expected);
  });
});

test.each([
  ["spike", [...calm(140), 9], "loss jumped to 9, usually about 2.0", "loss 突变至 9，平时约 2"],
  ["jump", [...calm(40), 9], "loss jumped to 9, usually about 2", "loss 突变至 9，平时约 2"],
  ["explosion", [...flat(20, 2), 50], "loss exploded to 50, was about 2", "loss 爆炸：50，此前约 2"],
  [
    "hidden_nan",
    [...flat(5, 2), 0, 0],
    "loss is exactly 0 for 2 points after about 2: a hidden NaN?",
    "loss 连续 2 个点恰为 0（此前约 2）：可能是被掩盖的 NaN",
  ],
] as const)("%s says it in both languages", (...[rule, values, en, zh]) => {
  const labels = labelSeries({ run: testRun, split: "", tag: "loss" });
  const evidence = judged(rule, values)[0]?.episode.evidence ?? { numbers: {} };
  const rounded = {
    ...evidence,
    numbers: { ...evidence.numbers, usual: Math.round((evidence.numbers["usual"] ?? 0) * 10) / 10 },
  };
  expect(ruleOf(rule).say(rounded, "en", labels)).toContain(en.replace("2.0", "2"));
  expect(ruleOf(rule).say(rounded, "zh", labels)).toContain(zh);
});

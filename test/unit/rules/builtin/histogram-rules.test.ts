import { describe, expect, test } from "vitest";
import { histogramPoint } from "../../../../src/alerts/histogram-point.js";
import { RunJudge } from "../../../../src/alerts/run-judge.js";
import type { HistogramSummary } from "../../../../src/eventlog/histogram-summary.js";
import type { RuleEntry } from "../../../../src/rules/rules-config.js";
import { story, testRun } from "../../../support/judge-curve.js";

const ordinary = { count: 100, min: -0.5, max: 0.5, sum: 1, sumSquares: 4, zeroShare: 0.5 };

type Histograms = readonly Partial<HistogramSummary>[];

function judged(
  rule: string,
  tag: string,
  given: Histograms | { readonly histograms: Histograms; readonly entry: RuleEntry },
) {
  const { histograms, entry } = "entry" in given ? given : { histograms: given, entry: undefined };
  const rules = entry === undefined ? {} : { [rule]: [entry] };
  const judge = new RunJudge({ run: testRun, settings: { rules, metrics: {}, overrides: [] } });
  histograms.forEach((part, i) => {
    const summary = { ...ordinary, ...part };
    judge.observe("", tag, histogramPoint({ tag, step: i, wallTime: i, at: 0, summary }));
  });
  return judge.drain().filter(({ episode }) => episode.rule === rule);
}

const times = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i));
const moving = (i: number) => ({ sum: i, sumSquares: 4 + i });

describe("dead_relu", () => {
  const shares = (...all: number[]) => all.map((zeroShare) => ({ zeroShare }));

  test("fires at the third histogram in a row, ends below 80 %", () => {
    const found = judged("dead_relu", "relu_1/activations", shares(0.95, 0.9, 1, 0.85, 0.79));
    expect(story(found)).toBe("fired@2 resolved@4");
  });

  test("two are not enough, and weights are no activations", () => {
    expect(judged("dead_relu", "relu_1", shares(0.95, 0.5, 0.95, 0.95, 0.5))).toEqual([]);
    expect(judged("dead_relu", "dense/kernel", shares(1, 1, 1, 1))).toEqual([]);
    expect(judged("dead_relu", "gradients/relu_1", shares(1, 1, 1, 1))).toEqual([]);
  });
});

describe("all_zero", () => {
  const zero = { min: 0, max: 0, sum: 0, sumSquares: 0, zeroShare: 1 };

  test("fires at once and ends with another value", () => {
    expect(story(judged("all_zero", "conv/grad", [{}, zero, zero, {}]))).toBe("fired@1 resolved@3");
  });

  test("a bias that begins at zero is judged once it has moved", () => {
    expect(judged("all_zero", "fc/bias", [zero, zero])).toEqual([]);
    expect(story(judged("all_zero", "fc/bias", [zero, {}, zero]))).toBe("fired@2");
  });
});

describe("weights_exploding", () => {
  const sizes = (...all: number[]) => all.map((max, i) => ({ min: -max / 2, max, ...moving(i) }));

  test("fires beyond five times the first size after five growing ones, ends well below", () => {
    const found = judged("weights_exploding", "dense/kernel", sizes(0.5, 0.8, 1, 1.5, 2, 2.6, 4, 3.9, 1.9));
    expect(story(found)).toBe("fired@5 resolved@8");
    expect(found[0]?.episode.evidence.numbers).toEqual({ size: 2.6, initial: 0.5, histograms: 5 });
  });

  test("size alone, growth alone and small weights are well", () => {
    expect(judged("weights_exploding", "kernel", sizes(0.5, 4, 4, 4, 4, 4, 4))).toEqual([]);
    expect(judged("weights_exploding", "kernel", sizes(1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6))).toEqual([]);
    expect(judged("weights_exploding", "kernel", sizes(0.01, 0.02, 0.03, 0.05, 0.09, 0.1, 0.2))).toEqual([]);
  });
});

describe("weights_unchanged", () => {
  test("warns of weights that stopped, until they move", () => {
    const found = judged("weights_unchanged", "fc1.weight", [
      moving(0),
      moving(1),
      moving(1),
      moving(1),
      moving(2),
    ]);
    expect(story(found)).toBe("fired@3 resolved@4");
    expect(found[0]?.episode.severity).toBe("warning");
  });

  test("weights that never moved may be frozen: information only", () => {
    const [found] = judged(
      "weights_unchanged",
      "fc1.weight",
      times(3, () => ({})),
    );
    expect(found?.episode.severity).toBe("info");
  });

  test("a slow drift is a change", () => {
    const drift = times(40, (i) => ({ sum: 1 + i * 6e-6, sumSquares: 4 }));
    expect(judged("weights_unchanged", "fc1.weight", drift)).toEqual([]);
  });
});

describe("variance", () => {
  const range = { tags: ["act*"], settings: { min: 0.01, max: 0.1 } };

  test("fires outside the range that a person set, nowhere else", () => {
    const histograms = [{}, { sumSquares: 20 }, {}, { sum: 0, sumSquares: 0.1 }];
    expect(story(judged("variance", "act1", { histograms, entry: range }))).toBe(
      "fired@1 resolved@2 fired@3",
    );
    expect(judged("variance", "act1", histograms)).toEqual([]);
  });
});

describe("non_finite", () => {
  test("takes a histogram with NaN or infinite limits or sums for a value that is none", () => {
    const bad = { nonFinite: Number.NaN, max: Number.NaN };
    expect(story(judged("non_finite", "dense/kernel", [{}, bad]))).toBe("fired@1");
  });
});

test("scalars are judged alike with histograms among them and without", () => {
  const values = times(60, (i) => (i > 40 ? Number.NaN : 1 / (i + 1)));
  const [bare, mixed] = [false, true].map((withHistograms) => {
    const judge = new RunJudge({ run: testRun, settings: { rules: {}, metrics: {}, overrides: [] } });
    values.forEach((value, i) => {
      judge.observe("", "loss", { step: i, wallTime: i * 60, value });
      if (!withHistograms) return;
      const row = { tag: "kernel", step: i, wallTime: i * 60 + 1e6, at: 0, summary: ordinary };
      judge.observe("", "kernel", histogramPoint(row));
    });
    return judge.drain().filter(({ episode }) => episode.tag !== "kernel");
  });
  expect(mixed).toEqual(bare);
  expect(bare?.length).toBeGreaterThan(0);
});

const weights = (...sizes: number[]): Histograms =>
  sizes.map((max, i) => ({ min: -max / 2, max, ...moving(i) }));
const nothing = { min: 0, max: 0, sum: 0, sumSquares: 0, zeroShare: 1 };
const spread = (...variances: number[]): Histograms =>
  variances.map((variance) => ({ sum: 0, sumSquares: 100 * variance }));
const limits: RuleEntry = { tags: ["*"], settings: { min: 0.5, max: 2 } };

test.each<[string, string, Histograms, string]>([
  ["dead_relu: at its share", "relu", times(3, () => ({ zeroShare: 0.9 })), "fired@2"],
  ["dead_relu: just below", "relu", times(3, () => ({ zeroShare: 0.899 })), ""],
  [
    "dead_relu: at the share that ends it",
    "relu",
    [...times(3, () => ({ zeroShare: 1 })), { zeroShare: 0.8 }],
    "fired@2",
  ],
  [
    "dead_relu: below it",
    "relu",
    [...times(3, () => ({ zeroShare: 1 })), { zeroShare: 0.799 }],
    "fired@2 resolved@3",
  ],
  ["all_zero: nothing but zero", "kernel", [nothing], "fired@0"],
  ["all_zero: the smallest value there is", "kernel", [{ ...nothing, max: Number.MIN_VALUE }], ""],
  ["weights_exploding: beyond five times", "kernel", weights(1, 2, 3, 4, 5, 5.01), "fired@5"],
  ["weights_exploding: at five times", "kernel", weights(1, 2, 3, 4, 4.5, 5), ""],
  ["weights_exploding: not growing at every one", "kernel", weights(1, 2, 3, 3, 5, 6), ""],
  ["weights_exploding: small ones", "kernel", weights(0.1, 0.2, 0.3, 0.4, 0.5, 1), ""],
  ["weights_unchanged: three the same", "kernel", [moving(1), moving(2), moving(2), moving(2)], "fired@3"],
  ["weights_unchanged: two", "kernel", [moving(1), moving(2), moving(2), moving(3)], ""],
  [
    "weights_unchanged: by less than a hundred thousandth",
    "kernel",
    [moving(1), moving(2), moving(2.00001), moving(2)],
    "fired@3",
  ],
  ["weights_unchanged: by more", "kernel", [moving(1), moving(2), moving(2.001), moving(2)], ""],
  ["variance: within its range", "x", spread(0.5, 1, 2), ""],
  ["variance: above", "x", spread(1, 2.01), "fired@1"],
  ["variance: below", "x", spread(1, 0.49), "fired@1"],
])("boundary of %s", (...[name, tag, histograms, expected]) => {
  const rule = name.slice(0, name.indexOf(":"));
  const given = rule === "variance" ? { histograms, entry: limits } : histograms;
  expect(story(judged(rule, tag, given))).toBe(expected);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type BaselineMetric,
  type BaselineTolerance,
  judgeRegression,
  thinCurve,
} from "../../../src/alerts/gate-baseline.js";
import { parseBaseline, writeBaseline } from "../../../src/cli/check/baseline-file.js";
import type { PointColumns } from "../../../src/series/point.js";
import { labelSeries } from "../../../src/series/label-series.js";
import { watchIdOf } from "../../../src/series/run.js";

const usual: BaselineTolerance = { compare: "best", tolerance: 0.02, z: 3, minSteps: 0.9 };

function columnsOf(values: readonly number[], every = 1): PointColumns {
  return {
    step: Float64Array.from(values, (_, i) => i * every),
    wallTime: Float64Array.from(values, (_, i) => i),
    value: Float64Array.from(values),
  };
}

function baselineOf(tag: string, ...curves: readonly (readonly number[])[]): BaselineMetric {
  const labels = labelsOf(tag);
  const direction = labels.direction === "higher" ? "higher" : "lower";
  const runs = curves.map((values, i) => ({
    run: `good ${i}`,
    curve: thinCurve(columnsOf(values), direction),
  }));
  return { split: "", tag, direction, phase: "unknown", curves: runs };
}

function labelsOf(tag: string) {
  return labelSeries({ run: { watch: watchIdOf("/logs"), name: "a" }, split: "", tag }, {});
}

function findingOf(
  metric: BaselineMetric,
  values: readonly number[] | undefined,
  tolerance: Partial<BaselineTolerance> = {},
) {
  const series =
    values === undefined ? undefined : { labels: labelsOf(metric.tag), columns: columnsOf(values) };
  const { findings } = judgeRegression({ run: "a", metric, series, tolerance: { ...usual, ...tolerance } });
  const [first] = findings;
  return first && { rule: first.rule, wanted: first.wanted, found: first.found, step: first.step };
}

const five = [1, 0.8, 0.6, 0.5, 0.4];
/** Baselines that end at 0.38, 0.4 and 0.42: their spread is 0.02. */
const three = [0.38, 0.4, 0.42].map((last) => [...five.slice(0, 4), last]);

describe("a run held against the baseline", () => {
  test.each<[string, readonly (readonly number[])[], readonly number[], object | undefined]>([
    ["as good as the baseline passes", [five], five, undefined],
    ["better passes", [five], [1, 0.8, 0.6, 0.5, 0.1], undefined],
    ["2 % worse than one run passes", [five], [1, 0.8, 0.6, 0.5, 0.408], undefined],
    [
      "more than 2 % worse than one run fails",
      [five],
      [1, 0.8, 0.6, 0.5, 0.409],
      { rule: "regression_vs_baseline", found: "0.409", step: 4 },
    ],
    [
      "of two runs the spread is not known yet: 2 % alone count",
      three.slice(1),
      [1, 1, 1, 1, 0.42],
      { found: "0.42" },
    ],
    ["three deviations above the mean of three runs pass", three, [1, 1, 1, 1, 0.459], undefined],
    [
      "beyond three deviations it fails",
      three,
      [1, 1, 1, 1, 0.461],
      { wanted: "at most 0.46 (mean 0.4 of 3 runs, ±0.06)", found: "0.461" },
    ],
    ["the best counts, not a bad end", [five], [1, 0.8, 0.6, 0.4, 3], undefined],
    ["a run of nine tenths of the steps is compared", [range(0, 11)], range(0, 10), undefined],
    [
      "a shorter one is said to be too short",
      [range(0, 11)],
      range(0, 9),
      { rule: "too_short", wanted: "at least step 9", found: "step 8", step: 8 },
    ],
    [
      "and so is one that is NaN from there on",
      [five],
      [1, 0.4, NaN, NaN, NaN],
      { rule: "too_short", found: "no finite value after step 1" },
    ],
    ["a longer run is compared at the baseline's last step", [five], [...five, 9, 9], undefined],
    ["a baseline run that broke off early has no say", [five, five, [1, 0.9]], five, undefined],
    [
      "without one finite value it is missing",
      [five],
      [NaN, NaN],
      { rule: "missing_metric", found: "no finite value" },
    ],
  ])("%s", (...[, baselines, values, expected]) => {
    const finding = findingOf(baselineOf("loss", ...baselines), values);
    if (expected === undefined) expect(finding).toBeUndefined();
    else expect(finding).toMatchObject(expected);
  });

  test("lacks a metric that the baseline has", () => {
    expect(findingOf(baselineOf("loss", five), undefined)).toMatchObject({
      rule: "missing_metric",
      wanted: "loss",
      found: "no such metric",
    });
  });

  test("may be lower only by the tolerance where higher is better", () => {
    const baseline = baselineOf("accuracy", [0.1, 0.5, 0.9]);
    expect(findingOf(baseline, [0.1, 0.5, 0.883])).toBeUndefined();
    expect(findingOf(baseline, [0.1, 0.5, 0.88])).toMatchObject({
      wanted: "at least 0.882 (mean 0.9 of 1 run, ±0.018)",
    });
  });

  test("is compared by its last value where the configuration says so", () => {
    expect(findingOf(baselineOf("loss", five), [1, 0.8, 0.6, 0.4, 0.5], { compare: "final" })).toMatchObject({
      found: "0.5",
    });
  });

  test("is compared by line between points where its steps are others", () => {
    // At step 3 the line between 0.6 and 0.4.
    const baseline = {
      ...baselineOf("loss", five),
      curves: [
        {
          run: "x",
          curve: [
            [0, 1, 1],
            [2, 0.6, 0.6],
            [4, 0.4, 0.4],
          ] as const,
        },
      ],
    };
    expect(findingOf(baseline, [1, 0.8, 0.6, 0.505], { compare: "final", minSteps: 0.5 })).toBeUndefined();
    expect(findingOf(baseline, [1, 0.8, 0.6, 0.52], { compare: "final", minSteps: 0.5 })).toMatchObject({
      wanted: "at most 0.51 (mean 0.5 of 1 run, ±0.01)",
    });
  });

  test("is never worse than itself, with no tolerance at all, and after the baseline's file", () => {
    const value = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 100 }), (values) => {
        const saved = parseBaseline(writeBaseline({ metrics: [baselineOf("loss", values)] }), "b.json");
        for (const compare of ["best", "final"] as const) {
          expect(findingOf(saved.metrics[0]!, values, { compare, tolerance: 0 })).toBeUndefined();
        }
      }),
    );
  });
});

describe("a baseline's file", () => {
  test("has a row of a curve a line, and comes back as it was", () => {
    const baseline = { metrics: [baselineOf("loss", [1, 0.5], [1, 0.123456789])] };
    const text = writeBaseline(baseline);
    expect(text.split("\n").slice(8, 16).join("\n")).toMatchInlineSnapshot(`
      "      "phase": "unknown",
            "curves": [
              {
                "run": "good 0",
                "curve": [
                  [0,1,1],
                  [1,0.5,0.5]
                ]"
    `);
    expect(parseBaseline(text, "b.json")).toEqual(baseline);
  });

  test("stays small however long a run is", () => {
    const long = baselineOf(
      "loss",
      Array.from({ length: 100_000 }, (_, i) => 1 / (i + 1)),
    );
    expect(writeBaseline({ metrics: [long] }).length).toBeLessThan(2_000);
  });
});

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, i) => 1 - (from + i) / 100);
}

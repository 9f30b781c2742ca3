import { describe, expect, test } from "vitest";
import {
  type GateRequirement,
  judgeRequirement,
  requirementName,
} from "../../../src/alerts/gate-requirement.js";
import { labelSeries } from "../../../src/series/label-series.js";
import { watchIdOf } from "../../../src/series/run.js";

/** A point a step and a minute. */
function findings(
  requirement: Omit<GateRequirement, "metric">,
  values: readonly number[] | "none",
  { tag = "loss", isOver = true }: { readonly tag?: string; readonly isOver?: boolean } = {},
) {
  const labels = labelSeries({ run: { watch: watchIdOf("/logs"), name: "a" }, split: "", tag }, {});
  const some = values === "none" ? [] : values;
  const columns = {
    step: Float64Array.from(some, (_, i) => i),
    wallTime: Float64Array.from(some, (_, i) => 60 * i),
    value: Float64Array.from(some),
  };
  const found = judgeRequirement(
    { metric: tag, ...requirement },
    {
      run: "a",
      series: values === "none" ? [] : [{ labels, columns }],
      nearest: values === "none" ? ["val_loss"] : [],
      begun: 0,
      newest: 60 * Math.max(0, some.length - 1),
      lastStep: Math.max(0, some.length - 1),
      isOver,
    },
  );
  return found.map(({ rule, wanted, found, step }) => [rule, wanted, found, step]);
}

const fallen = [1, 0.5, 0.2, 0.4];

describe("a requirement on a metric", () => {
  test.each<[string, Omit<GateRequirement, "metric">, readonly number[] | "none", readonly unknown[]]>([
    ["the final value is at the limit", { atMost: 0.4 }, fallen, []],
    ["the final value is above it", { atMost: 0.3 }, fallen, [["limit", "at most 0.3", "0.4", 3]]],
    ["the best value is below it", { atMost: 0.3, value: "best" }, fallen, []],
    [
      "the best value is above it",
      { atMost: 0.1, value: "best" },
      fallen,
      [["limit", "at most 0.1", "0.2", 2]],
    ],
    ["a value below a lower limit", { atLeast: 0.5 }, fallen, [["limit", "at least 0.5", "0.4", 3]]],
    ["a value between two limits", { atLeast: 0.3, atMost: 0.5 }, fallen, []],
    ["a last value that is NaN keeps no limit", { atMost: 9 }, [1, NaN], [["limit", "at most 9", "NaN", 1]]],
    [
      "no finite value has no best",
      { atMost: 9, value: "best" },
      [NaN],
      [["limit", "at most 9", "no finite value", undefined]],
    ],
    ["it is there", {}, fallen, []],
    [
      "it is not there",
      {},
      "none",
      [["missing_metric", "loss", "no such metric; there is val_loss", undefined]],
    ],
    ["the limit is met at the last step allowed", { atMost: 0.4, withinSteps: 2 }, fallen, []],
    [
      "the limit is met a step late",
      { atMost: 0.4, withinSteps: 1 },
      fallen,
      [["deadline", "at most 0.4 within 1 steps", "0.2 at step 2, 2m after the start", 2]],
    ],
    ["the limit is met in time by the clock", { atMost: 0.4, within: 120_000 }, fallen, []],
    [
      "the limit is met late by the clock",
      { atMost: 0.4, within: 119_000 },
      fallen,
      [["deadline", "at most 0.4 within 1m 59s", "0.2 at step 2, 2m after the start", 2]],
    ],
    [
      "the limit is never met",
      { atMost: 0.1, withinSteps: 9 },
      fallen,
      [
        ["limit", "at most 0.1", "0.4", 3],
        ["deadline", "at most 0.1 within 9 steps", "never, up to step 3", 3],
      ],
    ],
  ])("%s", (...[, requirement, values, expected]) => {
    expect(findings(requirement, values)).toEqual(expected);
  });

  test("takes a single limit as the way that is better, where the name does not say", () => {
    expect(findings({ atLeast: 0.9, value: "best" }, fallen, { tag: "foo" })).toEqual([]);
    expect(findings({ atMost: 0.1, value: "best" }, fallen, { tag: "foo" })).toEqual([
      ["limit", "at most 0.1", "0.2", 2],
    ]);
    expect(findings({ atLeast: 0, atMost: 0.1, value: "best" }, fallen, { tag: "foo" })).toMatchObject([
      ["limit", "at least 0 and at most 0.1", "no direction", undefined],
    ]);
  });

  test("holds a run that goes on only against what no further point can undo", () => {
    expect(findings({ atMost: 0.1 }, fallen, { isOver: false })).toEqual([]);
    expect(findings({}, "none", { isOver: false })).toEqual([]);
    expect(findings({ atMost: 0.1, withinSteps: 3 }, fallen, { isOver: false })).toEqual([]);
    expect(findings({ atMost: 0.1, withinSteps: 2 }, fallen, { isOver: false })).toMatchObject([
      ["deadline", "at most 0.1 within 2 steps", "never, up to step 3", 3],
    ]);
  });

  test.each<[GateRequirement, string]>([
    [{ metric: "acc" }, "acc is there"],
    [{ metric: "acc", atLeast: 0.9, value: "best" }, "best acc at least 0.9"],
    [
      { metric: "loss", atMost: 1, withinSteps: 2_000, within: 1_800_000 },
      "final loss at most 1, within 2,000 steps and within 30m",
    ],
  ])("has a name: %j", (requirement, name) => {
    expect(requirementName(requirement)).toBe(name);
  });
});

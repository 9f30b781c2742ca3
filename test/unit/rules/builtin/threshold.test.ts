import { describe, expect, test } from "vitest";
import { threshold } from "../../../../src/rules/builtin/threshold.js";
import { labelSeries } from "../../../../src/series/label-series.js";
import { judgeCurve, story, testRun } from "../../../support/judge-curve.js";

const judged = (settings: Readonly<Record<string, unknown>>, values: readonly number[], steps?: number[]) =>
  judgeCurve({ rule: "threshold", values, settings, ...(steps && { steps }) });

type Row = [
  why: string,
  settings: Readonly<Record<string, unknown>>,
  values: readonly number[],
  expected: string,
  steps?: readonly number[],
];

describe("threshold", () => {
  test.each<Row>([
    ["above", { value: 2 }, [1, 2, 2.1], "fired@2"],
    ["at or above", { op: ">=", value: 2 }, [1, 2], "fired@1"],
    ["below", { op: "<", value: 0.5 }, [0.6, 0.5, 0.4], "fired@2"],
    ["at or below", { op: "<=", value: 0.5 }, [0.6, 0.5], "fired@1"],
    ["infinity is above", { value: 2 }, [Infinity], "fired@0"],
    ["NaN is neither", { value: 2, for: 2 }, [3, NaN, 3], "fired@2"],
    ["without a limit nothing fires", {}, [1e9, -1e9], ""],
    ["within 5 % it is not over yet", { value: 2 }, [3, 1.95, 1.91], "fired@0"],
    ["at 5 % it is", { value: 2 }, [3, 1.9], "fired@0 resolved@1"],
    ["below: 5 % above", { op: "<", value: 2 }, [1, 2.05, 2.1], "fired@0 resolved@2"],
    [
      "negative limits have their margin on the good side",
      { value: -2 },
      [-1, -2.05, -2.1],
      "fired@0 resolved@2",
    ],
    ["a limit of zero has no margin", { value: 0 }, [1, 0], "fired@0 resolved@1"],
    ["a person may say where it is over", { value: 2, clear: 1 }, [3, 1.5, 1], "fired@0 resolved@2"],
    ["three points in a row", { value: 2, for: 3 }, [3, 3, 1, 3, 3, 3], "fired@5"],
    ["a point in the margin breaks the row", { value: 2, for: 2 }, [3, 1.95, 3, 3], "fired@3"],
    ["and three to be over", { value: 2, for: 3 }, [3, 3, 3, 1, 1, 3, 1, 1, 1], "fired@2 resolved@8"],
    [
      "a point in the margin starts recovery anew",
      { value: 2, for: 2 },
      [3, 3, 1, 1.95, 1, 1],
      "fired@1 resolved@5",
    ],
    ["no row crosses a restart", { value: 2, for: 2 }, [3, 3, 3], "fired@2", [5, 2, 3]],
    [
      "a restart below supersedes",
      { value: 2 },
      [1, 1, 3, 1.99],
      "fired@2 resolved@3:superseded",
      [0, 1, 2, 1],
    ],
  ])("%s", (...[, settings, values, expected, steps]) => {
    expect(story(judged(settings, values, steps && [...steps]))).toBe(expected);
  });

  test("applies nowhere by itself", () => {
    expect(threshold.appliesTo(labelSeries({ run: testRun, split: "", tag: "loss" }))).toBe(false);
  });

  test("says it in both languages, with the severity a person chose", () => {
    const [fired] = judged({ value: 2.5, for: 3, severity: "critical" }, [3, 3, 3]);
    const labels = labelSeries({ run: testRun, split: "", tag: "loss" });
    const evidence = fired?.episode.evidence ?? { numbers: {} };
    expect(fired?.episode.severity).toBe("critical");
    expect(threshold.say(evidence, "en", labels)).toBe("loss is 3, above the limit of 2.5 for 3 points");
    expect(threshold.say(evidence, "zh", labels)).toBe("loss 为 3，高于阈值 2.5，连续 3 个点");
  });
});

import { describe, expect, test } from "vitest";
import { RunJudge } from "../../../../src/alerts/run-judge.js";
import { lrAnomaly } from "../../../../src/rules/builtin/lr-anomaly.js";
import { runLengthOf } from "../../../../src/rules/run-length.js";
import { labelSeries } from "../../../../src/series/label-series.js";
import { judgeCurve, story, testRun } from "../../../support/judge-curve.js";

const range = (count: number, value: (i: number) => number): number[] =>
  Array.from({ length: count }, (_, i) => value(i));
const flat = (count: number, value: number): number[] => Array<number>(count).fill(value);
const judged = (values: readonly number[]) => judgeCurve({ rule: "lr_anomaly", values, tag: "lr" });

describe("lr_anomaly", () => {
  test.each([
    ["zero for 20 points", [...flat(30, 1e-3), ...flat(20, 0)], "fired@49"],
    ["19 are none", [...flat(30, 1e-3), ...flat(19, 0), 1e-3], ""],
    ["negative", [...flat(30, 1e-3), ...flat(20, -1e-3)], "fired@49"],
    ["not finite", [...flat(30, 1e-3), ...flat(20, NaN)], "fired@49"],
    ["a rate again ends it", [...flat(30, 1e-3), ...flat(25, 0), 1e-3], "fired@49 resolved@55"],
    ["eleven times as much", [...flat(30, 1e-3), ...flat(5, 1.1e-2)], "fired@30"],
    ["is over in 20 points", [...flat(30, 1e-3), ...flat(30, 1.1e-2)], "fired@30 resolved@50"],
    ["an eleventh", [...flat(30, 1e-3), ...flat(5, 0.9e-4)], "fired@30"],
    ["a tenth is a common schedule", [...flat(30, 1e-3), ...flat(30, 1e-4), ...flat(30, 1e-5)], ""],
    ["a warm-up may jump", [1e-7, 1e-3, ...flat(40, 1e-3)], ""],
    [
      "a warm restart goes where it has been",
      range(120, (i) => 1e-5 + (1e-3 * (1 + Math.cos((Math.PI * (i % 30)) / 30))) / 2),
      "",
    ],
    ["a schedule that runs out", range(60, (i) => 1e-3 * (1 + Math.cos((Math.PI * i) / 59))), ""],
    ["above 1 three times", [...flat(5, 0.5), 2, 2, 2], "fired@7"],
    ["twice is none, and 1 is what Adadelta has", [...flat(30, 1), 2, 2, 1], ""],
    ["constant, where nothing else was declared", flat(300, 1e-3), ""],
  ])("%s", (_, values, expected) => {
    expect(story(judged(values))).toBe(expected);
  });

  test("frozen parameters are one line of information", () => {
    expect(judged(flat(30, 0)).map(({ episode }) => episode.severity)).toEqual(["info"]);
    expect(judged([1e-3, ...flat(30, 0)]).map(({ episode }) => episode.severity)).toEqual(["warning"]);
  });

  test.each([
    ["cosine", 100, "fired@50"],
    ["constant", 100, ""],
    ["cosine", undefined, ""],
  ])("a declared schedule %s over %s steps", (lr_scheduler_type, max_steps, expected) => {
    const judge = new RunJudge({
      run: testRun,
      settings: { rules: {}, metrics: {}, overrides: [] },
      rules: [lrAnomaly],
    });
    judge.declare(runLengthOf({ lr_scheduler_type, ...(max_steps !== undefined && { max_steps }) }));
    for (let i = 0; i < 80; i += 1) judge.observe("", "lr", { step: i, wallTime: i, value: 1e-3 });
    expect(story(judge.drain())).toBe(expected);
  });

  test.each([
    [flat(20, 0), "lr has been 0 for 20 points: nothing is learned at that rate", "下学不到任何东西"],
    [[...flat(30, 1e-3), 0.02], "lr jumped from 0.001 to 0.02 in one point", "突变为"],
    [flat(3, 3), "lr is 3, above 1", "高于 1"],
  ])("says what is odd", (values, en, zh) => {
    const [fired] = judged(values);
    const evidence = fired?.episode.evidence ?? { numbers: {} };
    const labels = labelSeries({ run: testRun, split: "", tag: "lr" });
    expect(lrAnomaly.say(evidence, "en", labels)).toBe(en);
    expect(lrAnomaly.say(evidence, "zh", labels)).toContain(zh);
  });
});

import { expect, test } from "vitest";
import { judgeKnown, rehearse } from "../../../src/alerts/rehearse.js";
import { defaultRuleSettings, type RuleSettings } from "../../../src/rules/effective-settings.js";
import { testRun } from "../../support/judge-curve.js";

const columns = (values: readonly number[], wallTime = (i: number): number => i) => ({
  step: Float64Array.from(values, (_, i) => i),
  wallTime: Float64Array.from(values, (_, i) => wallTime(i)),
  value: Float64Array.from(values),
});

const rises = [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1, 1.02, 1.04, 1.06, 1.08, 1.1001];

test("a rehearsal counts how often a rule fires before and after", () => {
  const after: RuleSettings = {
    ...defaultRuleSettings,
    rules: { consecutive_rise: [{ settings: { min_total: 0.2 } }] },
  };
  const series = [{ split: "train", tag: "loss", points: columns([...rises, NaN]) }];
  const request = { run: testRun, series, before: defaultRuleSettings, after };
  expect(rehearse({ ...request, rule: "consecutive_rise" })).toEqual({ before: 2, after: 1 });
  expect(rehearse({ ...request, rule: "non_finite" })).toEqual({ before: 1, after: 1 });
});

test("known curves are judged merged by wall time", () => {
  const hours = (i: number): number => i * 1_200;
  const series = [
    { split: "train", tag: "loss", points: columns([1, 1, 1], (i) => 2 * hours(i)) },
    { split: "val", tag: "loss", points: columns([1, 1, 1], (i) => 2 * hours(i) + 1_200) },
  ];
  expect(judgeKnown({ run: testRun, series, settings: defaultRuleSettings })).toEqual([]);
  const alone = judgeKnown({ run: testRun, series: series.slice(0, 1), settings: defaultRuleSettings });
  expect(alone.map(({ episode }) => episode.rule)).toContain("stalled");
});

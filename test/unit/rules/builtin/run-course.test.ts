import { describe, expect, test } from "vitest";
import type { Transition } from "../../../../src/alerts/episode.js";
import { RunJudge } from "../../../../src/alerts/run-judge.js";
import { throughputDrop } from "../../../../src/rules/builtin/throughput-drop.js";
import { ruleOf } from "../../../../src/rules/rule-registry.js";
import { labelSeries } from "../../../../src/series/label-series.js";
import { judgeCurve, story, testRun } from "../../../support/judge-curve.js";

const range = (count: number, value: (i: number) => number): number[] =>
  Array.from({ length: count }, (_, i) => value(i));
const flat = (count: number, value: number): number[] => Array<number>(count).fill(value);
const ripple = (i: number): number => ((i * 7) % 11) / 1_000;

describe("oscillation", () => {
  const judged = (values: readonly number[], tag = "val/accuracy") =>
    story(judgeCurve({ rule: "oscillation", values, tag }));
  const calm = range(40, (i) => 0.7 + ripple(i));
  const wave = (count: number, size: number, period: number): number[] =>
    range(count, (i) => 0.7 + size * Math.sin((2 * Math.PI * i) / period) + ripple(i));

  test.each([
    ["a calm curve", [...calm, ...calm], "val/accuracy", ""],
    ["swings of 20 % every fourth evaluation", [...calm, ...wave(40, 0.1, 4)], "val/accuracy", /^fired@7\d$/],
    ["a loss as well", [...calm, ...wave(40, 0.1, 4)], "val/loss", /^fired/],
    ["swings within 3 % of the level", [...calm, ...wave(60, 0.005, 4)], "val/accuracy", ""],
    ["slow swings: too few of them", [...calm, ...wave(60, 0.1, 20)], "val/accuracy", ""],
    ["39 evaluations are too few", wave(39, 0.1, 4), "val/accuracy", ""],
    ["it was never calm: that is noise", wave(40, 0.1, 4), "val/accuracy", ""],
    [
      "it is over when it calms down",
      [...calm, ...wave(40, 0.1, 4), ...calm, ...calm],
      "val/accuracy",
      /^fired@\d+ resolved@\d+$/,
    ],
    ["a steady rise", range(120, (i) => i / 120), "val/accuracy", ""],
  ])("%s", (...[, values, tag, expected]) => {
    const said = judged(values, tag);
    if (typeof expected === "string") expect(said).toBe(expected);
    else expect(said).toMatch(expected);
  });

  test("the scale of a curve makes no difference", () => {
    const values = [...calm, ...wave(40, 0.1, 4)];
    for (const scale of [1e-6, 1e6])
      expect(judged(values.map((value) => value * scale))).toBe(judged(values));
  });
});

describe("reset", () => {
  const fall = range(40, (i) => 0.1 + 2 * Math.exp(-i / 6));
  const judged = (values: readonly number[], tag = "loss", steps?: readonly number[]) =>
    judgeCurve({ rule: "reset", values, tag, ...(steps && { steps }) });

  test.each([
    ["a loss back at its first level for three points", [...fall, 1.9, 1.9, 1.9], "loss", "fired@42"],
    ["two points are a spike", [...fall, 1.9, 1.9, 0.1, 1.9], "loss", ""],
    ["less than 90 % of the way", [...fall, ...flat(20, 1.2)], "loss", ""],
    [
      "a loss that never halved has nowhere to come back from",
      [...range(40, (i) => 2 - i / 80), ...flat(9, 2)],
      "loss",
      "",
    ],
    ["it is over when half is regained", [...fall, ...flat(5, 1.9), 0.5], "loss", "fired@42 resolved@45"],
    [
      "an accuracy",
      [...range(40, (i) => 0.9 - 0.8 * Math.exp(-i / 6)), 0.15, 0.15, 0.15],
      "val/accuracy",
      "fired@42",
    ],
    ["the first twenty points", [2, 1, 0.5, 0.2, 0.1, ...flat(10, 0.1), 1, 1, 1, 1], "loss", ""],
  ])("%s", (...[, values, tag, expected]) => {
    expect(story(judged(values, tag))).toBe(expected);
  });

  test("steps that go back are told once, until it has passed that point", () => {
    const steps = [...range(30, (i) => i), ...range(10, (i) => 10 + i), ...range(40, (i) => 15 + i), 20];
    const told = judged(flat(steps.length, 1), "loss", steps);
    expect(
      told.filter(({ kind }) => kind === "fired").map(({ episode }) => episode.evidence.numbers),
    ).toEqual([
      { value: 1, back_to: 10, back_from: 29 },
      { value: 1, back_to: 20, back_from: 54 },
    ]);
    expect(story(told)).toMatch(/^fired@30 resolved@31 fired@80$/);
  });

  test("says where it went", () => {
    const labels = labelSeries({ run: testRun, split: "", tag: "loss" });
    const [first] = judged([...fall, 1.9, 1.9, 1.9]);
    expect(ruleOf("reset").say(first?.episode.evidence ?? { numbers: {} }, "en", labels)).toMatch(
      /^loss is back where it began: started at 1\.5\d*, best 0\.1\d*, now 1\.9$/,
    );
  });
});

describe("gpu_idle", () => {
  const judged = (values: readonly number[], tag = "system/gpu.0.utilization") =>
    story(judgeCurve({ rule: "gpu_idle", values, tag }));

  test.each([
    ["percent", [...flat(50, 90), ...flat(100, 3)], "system/gpu.0.utilization", "fired@144"],
    ["a share of 1", [...flat(50, 0.9), ...flat(100, 0.03)], "gpu_util", "fired@144"],
    ["six busy points in a hundred", range(300, (i) => (i % 16 === 0 ? 90 : 3)), "gpu_util", ""],
    ["99 points are too few", flat(99, 0), "gpu_util", ""],
    ["one percent, said to be percent", flat(100, 1), "gpu/utilization_percent", "fired@99"],
    ["busy again", [...flat(100, 2), ...flat(5, 90), 90], "gpu_util", "fired@99 resolved@105"],
  ])("%s", (...[, values, tag, expected]) => {
    expect(judged(values, tag)).toBe(expected);
  });

  test.each([
    ["system/gpu.0.utilization", true],
    ["gpu_util", true],
    ["GPU/usage/cuda:0 utilization", true],
    ["gpu/memory_utilization", false],
    ["gpu_power", false],
    ["cpu_utilization", false],
  ])("applies to %s: %s", (tag, applies) => {
    expect(ruleOf("gpu_idle").appliesTo(labelSeries({ run: testRun, split: "", tag }))).toBe(applies);
  });
});

describe("throughput_drop", () => {
  function judged(gaps: readonly number[], speeds?: readonly number[]): Transition[] {
    const judge = new RunJudge({
      run: testRun,
      settings: { rules: {}, metrics: {}, overrides: [] },
      rules: [throughputDrop],
    });
    let wallTime = 1_000;
    gaps.forEach((gap, step) => {
      wallTime += gap;
      judge.observe("", "loss", { step, wallTime, value: 1 });
      const speed = speeds?.[step];
      if (speed !== undefined) judge.observe("", "time/fps", { step, wallTime, value: speed });
    });
    return judge.drain();
  }
  const opened = (transitions: readonly Transition[]): string =>
    transitions
      .map(
        ({ kind, episode }) =>
          `${kind}@${kind === "resolved" ? (episode.resolved?.step ?? "") : episode.opened.step}`,
      )
      .join(" ");

  test.each([
    ["a steady run", flat(200, 1), undefined, ""],
    ["three times as slow", [...flat(100, 1), ...flat(20, 3)], undefined, "fired@107"],
    ["a third slower", [...flat(100, 1), ...flat(60, 1.5)], undefined, ""],
    ["evaluation every tenth point", range(300, (i) => (i % 10 === 0 ? 60 : 1)), undefined, ""],
    ["a fast start, as queues that fill make it", [...flat(28, 0.1), ...flat(100, 1)], undefined, ""],
    ["20 speeds after the start are needed", [...flat(30, 1), ...flat(9, 9)], undefined, ""],
    ["as fast again", [...flat(100, 1), ...flat(20, 3), ...flat(20, 1)], undefined, "fired@107 resolved@123"],
    [
      "the new speed becomes the usual one",
      [...flat(100, 1), ...flat(400, 3)],
      undefined,
      "fired@107 resolved@363",
    ],
    ["a tag that says the speed is believed instead", [...flat(60, 1), ...flat(60, 9)], flat(120, 800), ""],
    ["and tells", flat(160, 1), [...flat(100, 800), ...flat(60, 300)], "fired@107"],
    ["several points of one moment", range(300, (i) => (i % 4 === 0 ? 4 : 0)), undefined, ""],
    ["the writer's clock goes back", range(300, (i) => (i % 50 === 49 ? -30 : 1)), undefined, ""],
  ])("%s", (...[, gaps, speeds, expected]) => {
    expect(opened(judged(gaps, speeds))).toBe(expected);
  });

  test("says how slow, and by which tag", () => {
    const [fired] = judged([...flat(100, 1), ...flat(20, 4)]);
    const labels = labelSeries({ run: testRun, split: "", tag: "loss" });
    const evidence = fired?.episode.evidence ?? { numbers: {} };
    expect(throughputDrop.say(evidence, "en", labels)).toBe(
      "runs at 25 % of its usual speed: 0.25 a second, was 1 (5 points in a row)",
    );
    expect(throughputDrop.say(evidence, "zh", labels)).toBe(
      "速度降至平时的 25%：每秒 0.25，此前每秒 1（连续 5 个点）",
    );
    expect(fired?.episode).toMatchObject({ tag: "loss", severity: "warning" });
  });
});

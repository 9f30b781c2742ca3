import { describe, expect, test } from "vitest";
import { RunJudge } from "../../../../src/alerts/run-judge.js";
import { ruleOf } from "../../../../src/rules/rule-registry.js";
import { labelSeries } from "../../../../src/series/label-series.js";
import { judgeCurve, story, testRun } from "../../../support/judge-curve.js";

const range = (count: number, value: (i: number) => number): number[] =>
  Array.from({ length: count }, (_, i) => value(i));
const flat = (count: number, value: number): number[] => Array<number>(count).fill(value);
const ripple = (i: number): number => ((i * 7) % 11) / 100;

describe("divergence", () => {
  const fall = range(200, (i) => 1 + 4 * Math.exp(-i / 20) + ripple(i));
  const judged = (values: readonly number[], sensitivity = "normal") =>
    judgeCurve({ rule: "divergence", values, settings: { sensitivity } });

  test("a curve that rises out of a flat stretch, and comes back", () => {
    const values = [...fall, ...range(40, (i) => 1 + i / 40), ...flat(80, 1)];
    expect(story(judged(values))).toMatch(/^fired@2[12]\d resolved@2[4-9]\d$/);
  });

  test.each([
    ["a healthy curve", fall],
    ["a curve that never gained a tenth", range(200, (i) => 1 + i / 100)],
    ["what a steep stretch had just gained may go again", [...range(60, (i) => 10 - i / 10), ...flat(30, 6)]],
    ["a few points are too few", [...fall, ...flat(4, 1.6), ...flat(30, 1)]],
  ])("is silent about %s", (_, values) => {
    expect(story(judged(values))).toBe("");
  });

  test("a running mean of a noisy loss, as many trainers log it, wanders without diverging", () => {
    let seed = 7;
    const uniform = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    let mean = 3;
    const values = range(800, (i) => (mean += (1 + 2 * Math.exp(-i / 100) + uniform() - mean) / 10));
    expect(story(judged(values))).toBe("");
    expect(story(judged([...values, ...range(60, (i) => 1.5 + i / 20)]))).toMatch(/^fired@8[0-4]\d/);
  });

  test("a knob decides what a flat stretch may lose", () => {
    const values = [...fall, ...flat(60, 1.09)];
    expect([story(judged(values, "strict")) !== "", story(judged(values, "calm"))]).toEqual([true, ""]);
  });

  test("explains itself: what was gained before the best, what is lost since", () => {
    const [fired] = judged([...fall, ...flat(60, 2)]);
    const labels = labelSeries({ run: testRun, split: "", tag: "loss" });
    const evidence = fired?.episode.evidence ?? { numbers: {} };
    expect(ruleOf("divergence").say(evidence, "en", labels)).toMatch(
      /^loss diverges: 1\.0\d+ at step \d+, now [\d.]+; lost [\d.]+ since, gained [\d.]+ in the 50 points before$/,
    );
    expect(ruleOf("divergence").say(evidence, "zh", labels)).toMatch(/^loss 正在发散：.*已损失.*仅改善/);
    expect(fired?.episode.severity).toBe("critical");
  });

  test("accuracies diverge downwards", () => {
    const values = [...range(200, (i) => 0.9 - 0.8 * Math.exp(-i / 20)), ...flat(60, 0.5)];
    expect(story(judgeCurve({ rule: "divergence", values, tag: "val/accuracy" }))).toMatch(/^fired/);
  });

  test("a restart below the best takes the alert with it", () => {
    const values = [...fall, ...flat(60, 2), ...fall.slice(100)];
    const steps = [...range(260, (i) => i), ...range(100, (i) => 100 + i)];
    expect(story(judgeCurve({ rule: "divergence", values, steps }))).toMatch(
      /^fired@\d+ resolved@260:superseded$/,
    );
  });
});

describe("eval_drop", () => {
  const rise = [0.1, 0.1, 0.1, 0.1, 0.1, 0.3, 0.5, 0.6, 0.65, 0.7, 0.71, 0.72, 0.7, 0.73, 0.72, 0.73, 0.72];
  const judged = (values: readonly number[]) =>
    story(judgeCurve({ rule: "eval_drop", values, tag: "val/accuracy" }));
  test.each([
    ["two far below the best", [...rise, 0.3, 0.3], "fired@18"],
    ["one is none", [...rise, 0.3, 0.72, 0.3, 0.72], ""],
    ["a tenth of the progress is none", [...rise, 0.67, 0.67, 0.67], ""],
    ["one back inside the limit ends it", [...rise, 0.3, 0.3, 0.7], "fired@18 resolved@19"],
    ["no progress, nothing to lose", [...flat(10, 0.1), 0, 0, 0], ""],
    ["a noisy curve needs more than its noise", range(40, (i) => (i < 6 ? 0.1 : 0.5 + (i % 2) * 0.2)), ""],
  ])("%s", (_, values, expected) => {
    expect(judged(values)).toBe(expected);
  });

  test("an untrained network's first value is not the start", () => {
    const values = [9, 0.6, 0.58, 0.55, 0.5, 0.45, 0.4, 0.35, 0.33, 0.3, 0.28, 0.45, 0.46];
    expect(story(judgeCurve({ rule: "eval_drop", values, tag: "val/loss" }))).toBe("fired@12");
  });
});

describe("no_learning", () => {
  const judged = (tag: string, values: readonly number[]) =>
    story(judgeCurve({ rule: "no_learning", values, tag }));
  const still = (count: number): number[] => range(count, (i) => 2 + ripple(i));
  test.each([
    ["twenty evaluations without progress", "val/loss", still(20), "fired@19"],
    ["nineteen are none", "val/loss", still(19), ""],
    ["a twentieth is progress", "val/loss", [...still(10), 1.8, ...still(60)], ""],
    ["a steady trend is progress, however small", "val/loss", range(40, (i) => 0.13 - i * 1e-5), ""],
    [
      "what was learned counts after the curve has flattened, whatever was added to it",
      "loss",
      range(260, (i) => 100 + Math.max(0, 0.6 - i / 100) + ripple(i)),
      "",
    ],
    ["progress ends it", "val/loss", [...still(25), 1.5], "fired@19 resolved@25"],
    ["training needs two hundred", "loss", still(200), "fired@199"],
    ["and not fewer", "loss", still(199), ""],
    ["accuracies rise", "val/acc", range(40, (i) => 0.1 + i / 100), ""],
  ] as const)("%s", (...[, tag, values, expected]) => {
    expect(judged(tag, values)).toBe(expected);
  });
});

describe("plateau", () => {
  const fall = (count: number): number[] =>
    range(count, (i) => 1 + 4 * Math.exp(-i / (count / 8)) + ripple(i) / 10);
  const judged = (values: readonly number[]) => judgeCurve({ rule: "plateau", values });
  test("four hundred points without a new best", () => {
    const transitions = judged([...range(300, (i) => 5 - i / 100), ...flat(450, 2)]);
    expect(story(transitions)).toMatch(/^fired@7\d\d$/);
  });

  test("is a warning where a curve in full progress stopped, and information at a natural end", () => {
    const stopped = judged([...range(300, (i) => 5 - i / 100), ...flat(450, 2)]);
    const natural = judged([...fall(800), ...flat(420, 1.05)]);
    expect([stopped[0]?.episode.severity, natural[0]?.episode.severity]).toEqual(["warning", "info"]);
  });

  test("a new best ends it, a curve that never learned has none", () => {
    const values = [...range(300, (i) => 5 - i / 100), ...flat(450, 2), ...flat(40, 1)];
    expect(story(judged(values))).toMatch(/^fired@7\d\d resolved@75\d$/);
    expect(story(judged(range(900, (i) => 2 + ripple(i))))).toBe("");
  });

  test.each([
    [10_000, "fired warning"],
    [900, "fired info"],
    [750, ""],
  ])("of a run of %d steps: %s", (steps, expected) => {
    const judge = new RunJudge({ run: testRun, settings: { rules: {}, metrics: {}, overrides: [] } });
    judge.declare({ steps });
    [...range(300, (i) => 5 - i / 100), ...flat(450, 2)].forEach((value, i) => {
      judge.observe("", "loss", { step: i, wallTime: i, value });
    });
    const own = judge.drain().filter(({ episode }) => episode.rule === "plateau");
    expect(own.map(({ kind, episode }) => `${kind} ${episode.severity}`).join(" ")).toBe(expected);
  });
});

import { describe, expect, test } from "vitest";
import { RunJudge } from "../../../../src/alerts/run-judge.js";
import { missingMetric } from "../../../../src/rules/builtin/missing-metric.js";
import { labelSeries } from "../../../../src/series/label-series.js";
import { testRun } from "../../../support/judge-curve.js";

interface Life {
  readonly required?: string;
  readonly steps?: number;
  readonly watched?: boolean;
  /** Tags that the runs before it wrote, 500 points each run. */
  readonly before?: readonly string[];
  /** Seconds between points. */
  readonly gap?: number;
  readonly writes: (i: number) => readonly string[];
  readonly count?: number;
}

function told({ required = "", steps, watched, before, gap = 60, writes, count = 400 }: Life): string {
  const rules = { missing_metric: [{ settings: { required } }] };
  const settings = { rules, metrics: {}, overrides: [] };
  const judge = new RunJudge({ run: testRun, settings, rules: [missingMetric] });
  if (steps !== undefined) judge.declare({ steps });
  for (let i = 0; i < count; i += 1) {
    for (const tag of writes(i)) judge.observe("", tag, { step: i, wallTime: i * gap, value: 1 });
    if (watched === true) judge.learn({});
    if (i === 0 && before !== undefined)
      judge.learn({ before: { series: before.map((tag) => ({ split: "", tag })), points: 500 } });
  }
  return judge
    .drain()
    .map(({ kind, episode }) => `${kind} ${episode.tag}`)
    .join(", ");
}

describe("missing_metric", () => {
  test.each([
    ["nothing is required", { writes: () => ["loss"] }, ""],
    ["what is required is there", { required: "val/*", writes: () => ["loss", "val/acc"] }, ""],
    [
      "a required tag that never comes",
      { required: "loss, val/acc", writes: () => ["loss"] },
      "fired val/acc",
    ],
    ["not before 200 points", { required: "val/acc", writes: () => ["loss"], count: 199 }, ""],
    [
      "by a fifth of a declared length",
      { required: "val/acc", steps: 100, writes: () => ["loss"], count: 40 },
      "fired val/acc",
    ],
    ["not before", { required: "val/acc", steps: 1_000, writes: () => ["loss"], count: 199 }, ""],
    [
      "it comes late",
      { required: "val/*", writes: (i) => (i > 300 ? ["loss", "val/acc"] : ["loss"]) },
      "fired val/*, resolved val/*",
    ],
    ["a tag that falls silent, in a replay", { writes: (i) => (i < 200 ? ["loss", "lr"] : ["lr"]) }, ""],
    [
      "a tag that falls silent while the run is watched",
      { watched: true, writes: (i) => (i < 200 ? ["loss", "lr"] : ["lr"]) },
      "fired loss",
    ],
    [
      "and comes back",
      { watched: true, writes: (i) => (i < 200 || i > 350 ? ["loss", "lr"] : ["lr"]) },
      "fired loss, resolved loss",
    ],
    [
      "a tag that the runs before it wrote",
      { before: ["loss", "val/acc"], writes: () => ["loss"], count: 112 },
      "fired val/acc",
    ],
    [
      "not before a fifth of their points",
      { before: ["loss", "val/acc"], writes: () => ["loss"], count: 111 },
      "",
    ],
    [
      "it comes a little later than in those",
      { before: ["loss", "acc"], writes: (i) => (i > 200 ? ["loss", "acc"] : ["loss"]) },
      "fired acc, resolved acc",
    ],
    [
      "the runs before it were of another kind",
      { before: ["train/box_loss", "train/cls_loss", "loss"], writes: () => ["loss"] },
      "",
    ],
    ["it writes all that they did", { before: ["loss"], writes: () => ["loss", "acc"] }, ""],
    [
      "a tag of the first hundred steps only",
      { watched: true, gap: 10, writes: (i) => (i < 100 ? ["loss", "lr"] : ["lr"]) },
      "",
    ],
    [
      "an evaluation every fifty points",
      { watched: true, writes: (i) => (i % 50 === 0 ? ["val/loss", "loss"] : ["loss"]), count: 2_000 },
      "",
    ],
    [
      "all fall silent: that is a stall",
      { watched: true, writes: (i) => (i < 200 ? ["loss", "lr"] : []) },
      "",
    ],
  ] satisfies readonly (readonly [string, Life, string])[])("%s", (_, life, expected) => {
    expect(told(life)).toBe(expected);
  });

  test("says which, and for how long", () => {
    const labels = labelSeries({ run: testRun, split: "", tag: "val/acc" });
    expect(missingMetric.say({ numbers: { points: 208 } }, "en", labels)).toBe(
      "required metric val/acc is missing after 208 points of the run",
    );
    expect(missingMetric.say({ numbers: { points: 112, before: 3 } }, "en", labels)).toBe(
      "val/acc, which the 3 runs before it wrote, is missing after 112 points of the run",
    );
    expect(missingMetric.say({ numbers: { silence: 3_600 } }, "zh", labels)).toContain("没有写入");
  });
});

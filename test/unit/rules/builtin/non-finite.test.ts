import { describe, expect, test } from "vitest";
import { nonFinite } from "../../../../src/rules/builtin/non-finite.js";
import { labelSeries } from "../../../../src/series/label-series.js";
import { judgeCurve, story, testRun } from "../../../support/judge-curve.js";

const judged = (tag: string, values: readonly number[], steps?: number[]) =>
  judgeCurve({ rule: "non_finite", tag, values, ...(steps && { steps }) });

const fine = (count: number): number[] => Array.from({ length: count }, (_, i) => 1 + (i % 3));

describe("non_finite", () => {
  test.each([
    ["a loss, from its first point", "loss", [NaN], "fired@0", "critical"],
    ["a loss that overflows", "val/loss", [1, 2, Infinity], "fired@2", "critical"],
    ["a loss stays bad without more words", "loss", [1, NaN, NaN, NaN], "fired@1", "critical"],
    ["nine finite points are no recovery", "loss", [NaN, ...fine(9), NaN], "fired@0", "critical"],
    ["ten are", "loss", [NaN, ...fine(10)], "fired@0 resolved@10", "critical"],
    ["a loss is told again", "loss", [NaN, ...fine(10), NaN], "fired@0 resolved@10 fired@11", "critical"],
    ["another tag that has been finite", "accuracy", [1, NaN], "fired@1", "warning"],
    [
      "another tag is told once",
      "accuracy",
      [1, NaN, ...fine(10), NaN, NaN],
      "fired@1 resolved@11",
      "warning",
    ],
    ["a tag that was never finite", "explained_variance", [NaN, NaN, NaN], "fired@0", "info"],
    ["a regulariser is no loss", "kl_loss", [1, NaN], "fired@1", "warning"],
    [
      "one gradient norm is mixed precision at work",
      "grad_norm",
      [...fine(30), Infinity, 1, Infinity, Infinity, 1],
      "",
      undefined,
    ],
    ["three in a row are not", "grad_norm", [...fine(30), Infinity, NaN, Infinity], "fired@32", "warning"],
    [
      "the first 20 norms are not judged",
      "grad_norm",
      [...Array<number>(20).fill(Infinity), 1, 2, 3],
      "",
      undefined,
    ],
    [
      "three in a row reach back into the first 20",
      "grad_norm",
      Array<number>(21).fill(Infinity),
      "fired@20",
      "warning",
    ],
  ] as const)("%s", (...[, tag, values, expected, severity]) => {
    const transitions = judged(tag, values);
    expect(story(transitions)).toBe(expected);
    expect(transitions[0]?.episode.severity).toBe(severity);
  });

  test("information becomes a warning when the tag turns finite and back while it is open", () => {
    const transitions = judged("explained_variance", [NaN, 1, NaN]);
    expect(transitions.map(({ kind, episode }) => [kind, episode.severity])).toEqual([
      ["fired", "info"],
      ["escalated", "warning"],
    ]);
  });

  test("after a restart below the alert the same thing is told again", () => {
    const transitions = judged("accuracy", [1, 2, NaN, 2, NaN], [0, 1, 2, 1, 2]);
    expect(story(transitions)).toBe("fired@2 resolved@3:superseded fired@4");
  });

  test("says it in both languages", () => {
    const labels = labelSeries({ run: testRun, split: "", tag: "loss" });
    const say = (tag: string, values: readonly number[], locale: "en" | "zh"): string =>
      nonFinite.say(judged(tag, values)[0]?.episode.evidence ?? { numbers: {} }, locale, labels);
    expect(say("loss", [1, NaN], "en")).toBe("loss became NaN");
    expect(say("loss", [1, -Infinity], "zh")).toBe("loss 变为 -∞");
    expect(say("x", [NaN], "en")).toBe("loss has never been finite (NaN)");
    expect(say("x", [NaN], "zh")).toBe("loss 从未出现有限值（NaN）");
  });
});

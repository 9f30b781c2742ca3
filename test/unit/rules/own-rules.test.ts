import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inhibitor } from "../../../src/alerts/inhibit.js";
import { RunJudge } from "../../../src/alerts/run-judge.js";
import { checkRule } from "../../../src/rules/check-rule.js";
import { ownRule } from "../../../src/rules/own-rules.js";
import { ownRulesSchema } from "../../../src/rules/own-rules-schema.js";
import type { Rule } from "../../../src/rules/rule.js";
import { seriesKeyOf } from "../../../src/series/run.js";
import { story, testRun } from "../../support/judge-curve.js";

type Moment = readonly [tag: string, step: number, wallTime: number, value: number];

function ruleFrom(section: Readonly<Record<string, unknown>>): Rule {
  return ownRule("own", ownRulesSchema.parse({ own: section })["own"]!);
}

function judgeOf(rule: Rule): RunJudge {
  const settings = { rules: {}, metrics: {}, overrides: [], extra: [rule] };
  const onRuleFailure = (failure: { error: unknown }): never => {
    throw failure.error;
  };
  return new RunJudge({ run: testRun, settings, rules: [rule], onRuleFailure });
}

function judged(section: Readonly<Record<string, unknown>>, points: readonly Moment[]) {
  const judge = judgeOf(ruleFrom(section));
  for (const [tag, step, wallTime, value] of points) judge.observe("", tag, { step, wallTime, value });
  return judge.drain();
}

const curve = (values: readonly number[], tag = "loss", each = 1): Moment[] =>
  values.map((value, i) => [tag, i, i * each, value]);

test("a rule may be called as every object's properties are", () => {
  const id = "constructor";
  const written = ownRulesSchema.parse({ [id]: { metric: "loss", condition: "value > 1" } });
  const rule = ownRule(id, written[id]!);
  const judge = judgeOf(rule);
  judge.observe("", "loss", { step: 0, wallTime: 0, value: 2 });
  const [fired] = judge.drain();
  expect(fired).toMatchObject({ kind: "fired", episode: { rule: id } });
  expect(inhibitor(fired!.episode, [{ ...fired!.episode, id: "other" }])).toBeUndefined();
});

describe("a rule over one metric", () => {
  test.each<[string, Readonly<Record<string, unknown>>, readonly number[], string]>([
    ["a limit", { condition: "value > 1" }, [0, 2, 2, 0], "fired@1 resolved@3"],
    [
      "a hold of points",
      { condition: "value > 1", for: "3 points" },
      [2, 2, 0, 2, 2, 2, 0, 0, 0],
      "fired@5 resolved@8",
    ],
    ["a hold of time", { condition: "value > 1", for: "3s" }, [2, 2, 2, 2, 0, 0, 0, 0], "fired@3 resolved@7"],
    [
      "NaN says nothing",
      { condition: "value > 1", for: "2 points" },
      [2, NaN, 2, NaN, 0, 0],
      "fired@2 resolved@5",
    ],
    ["a window that is not full says nothing", { condition: "mean(value, 3) > 1" }, [5, 5, 5], "fired@2"],
    [
      "a mean against a best",
      { condition: "mean(value, 2) > 1.5 * min(value, 4)" },
      [1, 1, 1, 1, 3],
      "fired@4",
    ],
    ["a median", { condition: "median(value, 4) == 2.5" }, [9, 2, 3, -4], "fired@3"],
    ["a maximum", { condition: "max(value, 2) < 1" }, [2, 0, 0], "fired@2"],
    ["a slope a step", { condition: "slope(value, 3) == 2" }, [1, 3, 5], "fired@2"],
    ["a change over points", { condition: "change(value, 2) >= 4" }, [1, 3, 5], "fired@2"],
    ["a relative change", { condition: "relative_change(value, 2) > 0.4" }, [2, 2, 3, 3], "fired@3"],
    ["a deviation", { condition: "std(value, 2) > 1.4" }, [1, 3], "fired@1"],
    ["a division by zero says nothing", { condition: "1 / value > 0 or value < -1" }, [0, -2], "fired@1"],
  ])("%s", (...[, section, values, expected]) => {
    expect(story(judged({ metric: "loss", ...section }, curve(values)))).toBe(expected);
  });

  test("judges every series that matches by itself, and no other", () => {
    const points: Moment[] = [...curve([2], "a/loss"), ...curve([2], "b/loss"), ...curve([2], "acc")];
    const fired = judged({ metric: "*loss", condition: "value > 1" }, points);
    expect(fired.map(({ episode }) => episode.tag)).toEqual(["a/loss", "b/loss"]);
  });

  test("says its condition and numbers in both languages, or the words it was given", () => {
    const section = { metric: "loss", condition: "mean(value, 2) > 1", for: "2 points" };
    const [plain] = judged(section, curve([2, 3, 4]));
    expect(plain?.episode.evidence.words).toEqual({
      en: "loss meets own: mean(value, 2) > 1 (mean(value, 2) = 3.5) for 2 points",
      zh: "loss 满足规则 own：mean(value, 2) > 1（mean(value, 2) = 3.5），连续 2 个点",
    });
    expect(plain?.episode.evidence).toMatchObject({ from: 1, to: 2, level: 1 });
    const message = { en: "{tag} at {mean(value, 2)}", zh: "{tag} 为 {mean(value, 2)}" };
    const [worded] = judged({ ...section, message }, curve([2, 3, 4]));
    expect(worded?.episode.evidence.words).toEqual({ en: "loss at 3.5", zh: "loss 为 3.5" });
  });

  test("a step that goes back takes its points and the hold with it", () => {
    const points: Moment[] = [
      ["loss", 0, 0, 2],
      ["loss", 1, 1, 2],
      ["loss", 0, 2, 2],
      ["loss", 1, 3, 2],
      ["loss", 2, 4, 2],
    ];
    expect(story(judged({ metric: "loss", condition: "value > 1", for: 3 }, points))).toBe("fired@4");
    const fired: Moment[] = [
      ["loss", 0, 0, 0],
      ["loss", 1, 1, 2],
      ["loss", 1, 2, 0],
      ["loss", 0, 3, 0],
    ];
    expect(story(judged({ metric: "loss", condition: "value > 1" }, fired))).toBe("fired@1 resolved@2");
  });
});

describe("a rule over several metrics", () => {
  const overfit = {
    metrics: { train: "loss", val: "val" },
    condition: "change(train, 1) < 0 and change(val, 1) > 0",
  };

  test("judges a point once every partner has one at or after it, against the nearest", () => {
    const points: Moment[] = [
      ["loss", 10, 100, 2],
      ["val", 1, 101, 1],
      ["loss", 20, 200, 1],
      ["loss", 30, 300, 0.5],
    ];
    expect(judged(overfit, points)).toEqual([]);
    const [fired] = judged(overfit, [...points, ["val", 2, 201, 3]]);
    expect(fired?.episode).toMatchObject({ tag: "loss", split: "", evidence: { from: 20, to: 20 } });
    expect(fired?.episode.evidence.numbers).toEqual({ "change(train, 1)": -1, "change(val, 1)": 2 });
  });

  test("a partner's point of the same step settles it at once", () => {
    const points: Moment[] = [
      ["val", 1, 0, 1],
      ["loss", 1, 1, 2],
      ["val", 2, 10, 2],
      ["loss", 2, 11, 1],
    ];
    expect(story(judged(overfit, points))).toBe("fired@11");
  });

  test("not is true only of what is known to be false", () => {
    const section = { metrics: { a: "loss", b: "val" }, condition: "not (a > 1) and not mean(b, 2) > 9" };
    const points: Moment[] = [
      ["loss", 1, 0, 0],
      ["val", 1, 1, 0],
      ["loss", 2, 2, 0],
      ["val", 2, 3, 0],
    ];
    expect(story(judged(section, points))).toBe("fired@3");
  });

  test("going back below the evidence closes the alert", () => {
    const points: Moment[] = [
      ["val", 1, 0, 1],
      ["loss", 1, 1, 2],
      ["val", 2, 10, 2],
      ["loss", 2, 11, 1],
      ["val", 1, 12, 1],
    ];
    expect(story(judged(overfit, points))).toBe("fired@11 resolved@12");
  });
});

describe.each([
  ["one metric", { metric: "*", condition: "mean(value, 5) > 1.2 * min(value, 20)", for: "2 points" }],
  ["a time", { metric: "*", condition: "value > 0.5 or slope(value, 4) > 0.1", for: "3m" }],
  ["a join", { metrics: { a: "loss", b: "val*" }, condition: "mean(a, 3) > b or not b > 0.4", for: 2 }],
])("a rule over %s", (_, section) => {
  test("keeps the contract of rules", () => {
    expect(checkRule(ruleFrom(section)).filter(({ problem }) => problem !== undefined)).toEqual([]);
  });

  test("says the same however its points are sliced, memory going through bytes", () => {
    const value = fc.oneof(fc.double({ min: 0, max: 2, noNaN: true }), fc.constantFrom(NaN, Infinity, -0));
    const moment = fc.tuple(
      fc.constantFrom("loss", "val/x"),
      fc.integer({ min: -2, max: 4 }),
      fc.integer({ min: -5, max: 90 }),
      value,
    );
    const rule = ruleFrom(section);
    fc.assert(
      fc.property(fc.array(moment, { maxLength: 80 }), fc.integer({ min: 1, max: 9 }), (moves, every) => {
        const whole = judgeOf(rule);
        let sliced = judgeOf(rule);
        const seen = [];
        let [step, wallTime] = [0, 0];
        for (const [i, [tag, steps, seconds, y]] of moves.entries()) {
          step += steps;
          wallTime += seconds;
          if (i % every === 0) {
            const series = new Map(sliced.changedSeries().map((key) => [key, sliced.memoryOf(key)]));
            for (const key of known(sliced)) series.set(key, sliced.memoryOf(key));
            const memory = { series, run: sliced.runMemory(), episodes: sliced.openEpisodes() };
            sliced = new RunJudge({
              run: testRun,
              settings: { rules: {}, metrics: {}, overrides: [] },
              rules: [rule],
              memory,
            });
          }
          for (const judge of [whole, sliced]) judge.observe("", tag, { step, wallTime, value: y });
          seen.push(...sliced.drain());
        }
        expect(seen).toEqual(whole.drain());
      }),
      { numRuns: 100 },
    );
  });
});

function known(judge: RunJudge) {
  return ["loss", "val/x"].map((tag) => seriesKeyOf("", tag)).filter((key) => judge.memoryOf(key).length > 0);
}

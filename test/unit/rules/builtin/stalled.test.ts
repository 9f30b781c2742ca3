import { describe, expect, test } from "vitest";
import type { Transition } from "../../../../src/alerts/episode.js";
import { RunJudge } from "../../../../src/alerts/run-judge.js";
import { silent } from "../../../../src/rules/builtin/silent.js";
import { stalled } from "../../../../src/rules/builtin/stalled.js";
import { defaultRuleSettings } from "../../../../src/rules/effective-settings.js";
import { runLengthOf } from "../../../../src/rules/run-length.js";
import { story, testRun } from "../../../support/judge-curve.js";

interface Life {
  /** Pauses before each point, in seconds. */
  readonly gaps: readonly number[];
  readonly until?: number;
  readonly steps?: number;
}

function live({ gaps, until, steps }: Life): Transition[] {
  const judge = new RunJudge({ run: testRun, settings: defaultRuleSettings, rules: [stalled] });
  if (steps !== undefined) judge.declare({ steps });
  let wallTime = 0;
  gaps.forEach((gap, step) => {
    wallTime += gap;
    judge.observe("", "x", { step, wallTime, value: 1 });
  });
  if (until !== undefined) judge.tick(until);
  return judge.drain();
}

const many = (gap: number, count: number): number[] => Array<number>(count).fill(gap);

describe("stalled", () => {
  test.each([
    ["no point, no silence", { gaps: [], until: 1e9 }, ""],
    ["half an hour less a second is fine", { gaps: [0], until: 1_799 }, ""],
    ["half an hour is the floor", { gaps: [0], until: 1_800 }, "fired@1800"],
    ["the alert falls at its own moment, however late the tick", { gaps: [0], until: 90_000 }, "fired@1800"],
    ["it is told once", { gaps: [0, 100_000], until: 50_000 }, "fired@1800 resolved@100000"],
    ["a point between shows it as well, without a tick", { gaps: [0, 5_000] }, "fired@1800 resolved@5000"],
    ["the end of the points is no silence", { gaps: [0, 10, 10] }, ""],
    [
      "before 20 gaps the floor alone counts",
      { gaps: [0, ...many(1_000, 19), 1_900] },
      "fired@20800 resolved@20900",
    ],
    ["from then on five usual pauses", { gaps: [0, ...many(1_000, 20), 4_900] }, ""],
    ["and no more", { gaps: [0, ...many(1_000, 20), 5_100] }, "fired@25000 resolved@25100"],
    ["hours of epochs are asked about once", { gaps: [0, ...many(3_600, 10)] }, "fired@1800 resolved@3600"],
    [
      "three times that is strange again",
      { gaps: [0, 3_600, 3_600, 11_000] },
      "fired@1800 resolved@3600 fired@18000 resolved@18200",
    ],
    ["rare long pauses: three of the longest", { gaps: [0, 1_500, ...many(10, 60), 4_400] }, ""],
    ["tags of one step are no pauses", { gaps: [0, ...many(0.001, 100), ...many(1_000, 20), 4_900] }, ""],
  ] as const)("%s", (_, life, expected) => {
    expect(story(live(life))).toBe(expected);
  });

  test("points that come late by the writer's clock make no pause and no silence", () => {
    const judge = new RunJudge({ run: testRun, settings: defaultRuleSettings, rules: [stalled] });
    judge.observe("", "x", { step: 1, wallTime: 10_000, value: 1 });
    judge.observe("val", "x", { step: 1, wallTime: 5_000, value: 1 });
    expect(judge.deadline()).toBe(11_800);
    expect(judge.drain()).toEqual([]);
  });

  test("what was written before the silence and is read late does not end it, for lists neither", () => {
    const judge = new RunJudge({ run: testRun, settings: defaultRuleSettings, rules: [stalled, silent] });
    judge.observe("", "x", { step: 1, wallTime: 10_000, value: 1 });
    judge.tick(20_000);
    judge.observe("val", "x", { step: 1, wallTime: 9_000, value: 1 });
    judge.observe("val", "x", { step: 2, wallTime: 10_000, value: 1 });
    judge.tick(30_000);
    expect(judge.drain().map(({ kind, episode }) => `${episode.rule} ${kind}`)).toEqual([
      "stalled fired",
      "silent fired",
    ]);
    judge.observe("val", "x", { step: 3, wallTime: 29_000, value: 1 });
    expect(judge.openEpisodes()).toEqual([]);
  });

  test.each([
    ["unknown length: a question", undefined, "info", "quiet for 30m since step 30: finished or stuck?"],
    ["known to be unfinished: critical", 1_000, "critical", "stalled: quiet for 30m at step 30 of 1,000"],
    ["reached its length: finished, not silent", 31, undefined, ""],
  ] as const)("%s", (...[, steps, severity, sentence]) => {
    const gaps = [0, ...many(10, 30)];
    const [fired] = live({ gaps, until: 9_000, ...(steps !== undefined && { steps }) });
    expect(fired?.episode.severity).toBe(severity);
    const labels = new RunJudge({ run: testRun, settings: defaultRuleSettings }).labelsOf("", "");
    expect(fired === undefined ? "" : stalled.say(fired.episode.evidence, "en", labels)).toBe(sentence);
  });

  test.each([
    ["max_steps", { max_steps: 500 }, { steps: 500 }],
    ["a string", { "trainer/max_steps": "500" }, { steps: 500 }],
    ["camel-free spelling", { "num-train-steps": 7 }, { steps: 7 }],
    ["unlimited", { max_steps: -1 }, {}],
    ["something else", { lr: 0.1, warmup_steps: 10 }, {}],
  ] as const)("the length a run declares: %s", (_, hparams, expected) => {
    expect(runLengthOf(hparams)).toEqual(expected);
  });
});

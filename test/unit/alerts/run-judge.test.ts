import { describe, expect, test } from "vitest";
import type { Episode } from "../../../src/alerts/episode.js";
import { mostSeries, RunJudge, type RunJudgeOptions } from "../../../src/alerts/run-judge.js";
import { defaultRuleSettings, type RuleSettings } from "../../../src/rules/effective-settings.js";
import type { Rule } from "../../../src/rules/rule.js";
import { ruleOf } from "../../../src/rules/rule-registry.js";
import { allWell } from "../../../src/rules/verdicts.js";
import { seriesKeyOf } from "../../../src/series/run.js";
import { story, testRun } from "../../support/judge-curve.js";

const judgeWith = (options: Partial<RunJudgeOptions> = {}): RunJudge =>
  new RunJudge({ run: testRun, settings: defaultRuleSettings, ...options });

const rising = [1, 1.1, 1.2, 1.3, 1.4, 1.5];

function feed(judge: RunJudge, tag: string, values: readonly number[]): void {
  feedFrom(0, judge, { tag, values });
}

function feedFrom(
  from: number,
  judge: RunJudge,
  { tag, values }: { tag: string; values: readonly number[] },
): void {
  values.forEach((value, i) => judge.observe("", tag, { step: from + i, wallTime: from + i, value }));
}

function saved(judge: RunJudge, settings: RuleSettings = defaultRuleSettings): RunJudge {
  const series = new Map(judge.changedSeries().map((key) => [key, judge.memoryOf(key)]));
  return judgeWith({ settings, memory: { series, run: judge.runMemory(), episodes: judge.openEpisodes() } });
}

const off: RuleSettings = {
  ...defaultRuleSettings,
  rules: { consecutive_rise: [{ settings: { enabled: false } }] },
};

describe("the judge of a run", () => {
  test("drains each transition once, in order", () => {
    const judge = judgeWith();
    feed(judge, "loss", [...rising, NaN]);
    expect(judge.drain().map(({ episode }) => episode.rule)).toEqual(["consecutive_rise", "non_finite"]);
    expect(judge.drain()).toEqual([]);
  });

  test("gives episodes ids that are stable over restarts and never used twice", () => {
    const ids = (judge: RunJudge): string[] => judge.drain().map(({ episode }) => episode.id);
    const whole = judgeWith();
    feed(whole, "loss", [...rising, 0, ...rising.map((value) => value + 1)]);
    const first = judgeWith();
    feed(first, "loss", rising);
    const second = saved(first);
    feedFrom(rising.length, second, { tag: "loss", values: [0, ...rising.map((value) => value + 1)] });
    const all = ids(whole);
    expect([...ids(first), ...ids(second)]).toEqual(all);
    expect(new Set(all).size).toBe(2);
  });

  test("lists the series whose memory changed, until told to forget", () => {
    const judge = judgeWith();
    feed(judge, "loss", [1, 2]);
    feed(judge, "x", [1]);
    expect(judge.changedSeries()).toEqual([seriesKeyOf("", "loss"), seriesKeyOf("", "x")]);
    judge.forgetChanges();
    expect(judge.changedSeries()).toEqual([]);
    feedFrom(1, judge, { tag: "x", values: [2] });
    expect(judge.changedSeries()).toEqual([seriesKeyOf("", "x")]);
  });

  test("keeps the open episodes and the memory of series that got no points", () => {
    const judge = judgeWith();
    feed(judge, "loss", rising);
    const restored = saved(judge);
    feedFrom(6, restored, { tag: "other", values: [1] });
    expect(restored.openEpisodes()).toEqual(judge.openEpisodes());
    expect(restored.memoryOf(seriesKeyOf("", "loss"))).toEqual(judge.memoryOf(seriesKeyOf("", "loss")));
  });

  test("an unchanged episode stays the same object from poll to poll", () => {
    const judge = judgeWith();
    feed(judge, "loss", rising);
    const [before] = judge.openEpisodes();
    feedFrom(rising.length, judge, { tag: "loss", values: [1.6, 1.7] });
    expect(judge.openEpisodes()[0]).toBe(before);
  });

  test("a rule switched off closes its episodes because of the settings, others stay", () => {
    const judge = judgeWith();
    feed(judge, "loss", [...rising, NaN]);
    judge.drain();
    judge.applySettings(off);
    expect(judge.drain()).toMatchObject([
      {
        kind: "resolved",
        episode: { rule: "consecutive_rise", resolved: { reason: "settings", wallTime: 6 } },
      },
    ]);
    expect(judge.openEpisodes()).toMatchObject([{ rule: "non_finite" }]);
  });

  test("so does a judge that is made with other settings than its memory", () => {
    const judge = judgeWith();
    feed(judge, "loss", rising);
    const restored = saved(judge, off);
    expect(restored.drain()).toMatchObject([
      { kind: "resolved", episode: { resolved: { reason: "settings" } } },
    ]);
    expect(restored.openEpisodes()).toEqual([]);
  });

  test("stalled closes as well when it is switched off", () => {
    const judge = judgeWith();
    feed(judge, "loss", [1]);
    judge.tick(5_000);
    const settings = { ...defaultRuleSettings, rules: { stalled: [{ settings: { enabled: false } }] } };
    expect(saved(judge, settings).drain()).toMatchObject([
      { kind: "resolved", episode: { rule: "stalled" } },
    ]);
    judge.drain();
    judge.applySettings(settings);
    expect(judge.drain()).toMatchObject([{ kind: "resolved", episode: { rule: "stalled" } }]);
    expect(judge.deadline()).toBeUndefined();
  });

  test("changed settings go on with what the detectors remember", () => {
    const judge = judgeWith();
    feed(judge, "loss", rising.slice(0, 4));
    judge.applySettings({
      ...defaultRuleSettings,
      rules: { consecutive_rise: [{ settings: { count: 4 } }] },
    });
    feedFrom(4, judge, { tag: "loss", values: rising.slice(4) });
    expect(story(judge.drain())).toBe("fired@4");
  });

  test("a restart of a run closes what it takes away, and says so once", () => {
    const judge = judgeWith();
    feed(judge, "loss", rising);
    judge.observe("", "loss", { step: 2, wallTime: 100, value: 1.2 });
    const told = judge.drain().filter(({ episode }) => episode.rule !== "reset");
    expect(story(told)).toBe("fired@5 resolved@100:superseded");
  });

  test("a live tick hides no pause from points that are read later", () => {
    const points = [0, 10, 20, 3_000, 3_010].map((wallTime, step) => ({ step, wallTime, value: 1 }));
    const [live, replayed] = [judgeWith(), judgeWith()];
    live.observe("", "loss", { step: -1, wallTime: -2_000, value: 1 });
    replayed.observe("", "loss", { step: -1, wallTime: -2_000, value: 1 });
    live.tick(1_500);
    for (const point of points) {
      live.observe("", "loss", point);
      replayed.observe("", "loss", point);
    }
    expect(live.drain()).toEqual(replayed.drain());
  });

  test("a rule that throws is reported once and set aside; its neighbours go on", () => {
    const broken: Rule = {
      ...ruleOf("threshold"),
      id: "broken",
      appliesTo: () => true,
      detector: () => ({
        observe: () => {
          throw new Error("broken");
        },
        reset: () => allWell,
        memory: () => new Uint8Array(0),
      }),
    };
    const failures: string[] = [];
    const judge = judgeWith({
      rules: [broken, ruleOf("consecutive_rise")],
      onRuleFailure: ({ rule, tag, error }) => failures.push(`${rule} ${tag} ${String(error)}`),
    });
    feed(judge, "loss", rising);
    feed(judge, "train_loss", rising);
    expect(failures).toEqual(["broken loss Error: broken"]);
    expect(judge.drain()).toHaveLength(2);
  });

  test.each([
    ["cut short", (memory: Uint8Array) => memory.slice(0, -3)],
    ["cut to its head", (memory: Uint8Array) => memory.slice(0, 5)],
    ["of a version to come", (memory: Uint8Array) => Uint8Array.from([99, ...memory.slice(1)])],
    ["noise", () => Uint8Array.from([1, 250, 250, 250, 250, 250, 250, 250, 250, 250, 250])],
  ])("damaged memory (%s) costs that memory, nothing else", (_, damage) => {
    const judge = judgeWith();
    feed(judge, "loss", rising);
    const key = seriesKeyOf("", "loss");
    const restored = judgeWith({
      memory: {
        series: new Map([[key, damage(judge.memoryOf(key))]]),
        run: damage(judge.runMemory()),
        episodes: judge.openEpisodes(),
      },
    });
    feedFrom(10, restored, { tag: "loss", values: [...rising, NaN] });
    expect(restored.openEpisodes().map(({ rule }: Episode) => rule)).toContain("non_finite");
  });

  test("series beyond the bound are not judged, and the bound outlives a restart", () => {
    const judge = judgeWith();
    for (let i = 0; i < mostSeries; i += 1) judge.observe("", `x${i}`, { step: 0, wallTime: 0, value: 1 });
    feed(judge, "loss", [NaN]);
    expect(judge.drain()).toEqual([]);
    expect(judge.changedSeries()).toHaveLength(mostSeries);
    const restored = judgeWith({ memory: { series: new Map(), run: judge.runMemory(), episodes: [] } });
    feed(restored, "loss", [NaN]);
    expect(restored.drain()).toEqual([]);
  });

  test("a rule that fires again and again is told to flap once, and is quiet until it has calmed down", () => {
    const settings: RuleSettings = {
      ...defaultRuleSettings,
      rules: { threshold: [{ tags: ["x"], settings: { value: 0.5 } }] },
    };
    const toggled = Array.from({ length: 14 }, (_, i) => i % 2);
    const values = [...toggled, ...Array<number>(50).fill(0), 1, 0];
    let judge = judgeWith({ settings });
    const told: string[] = [];
    values.forEach((value, i) => {
      if (i === 9) judge = saved(judge, settings);
      judge.observe("", "x", { step: i, wallTime: i, value });
      for (const { kind, episode } of judge.drain())
        if (kind === "fired") told.push(`${i} ${episode.flapping ?? "plain"}`);
    });
    expect(told).toEqual([
      "1 plain",
      "3 plain",
      "5 plain",
      "7 told",
      "9 quiet",
      "11 quiet",
      "13 quiet",
      "64 plain",
    ]);
  });

  test("a breach that flapped and then stands for 50 points is told after all, and so is its end", () => {
    const settings: RuleSettings = {
      ...defaultRuleSettings,
      rules: { threshold: [{ tags: ["x"], settings: { value: 0.5 } }] },
    };
    const toggled = Array.from({ length: 10 }, (_, i) => i % 2);
    let judge = judgeWith({ settings });
    const told: string[] = [];
    [...toggled, ...Array<number>(60).fill(1), 0].forEach((value, i) => {
      if (i === 30) judge = saved(judge, settings);
      judge.observe("", "x", { step: i, wallTime: i, value });
      for (const { kind, episode } of judge.drain())
        if (i > 8) told.push(`${i} ${kind} ${episode.flapping ?? "plain"} since ${episode.opened.step}`);
    });
    expect(told).toEqual(["9 fired quiet since 9", "59 fired plain since 9", "70 resolved plain since 9"]);
  });

  test("a series without a name is a series", () => {
    const judge = judgeWith();
    feed(judge, "", [1, NaN]);
    judge.tick(10_000);
    expect(
      judge
        .openEpisodes()
        .map(({ rule }) => rule)
        .sort(),
    ).toEqual(["non_finite", "silent", "stalled"]);
    expect(saved(judge).openEpisodes()).toHaveLength(3);
  });
});

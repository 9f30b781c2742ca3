import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Episode, Transition } from "../../src/alerts/episode.js";
import { RunJudge } from "../../src/alerts/run-judge.js";
import { locales } from "../../src/lib/locale.js";
import type { Rule, Verdict } from "../../src/rules/rule.js";
import { type RuleId, ruleIds, ruleOf } from "../../src/rules/rule-registry.js";
import { labelSeries } from "../../src/series/label-series.js";
import type { Point } from "../../src/series/point.js";
import { RecentPoints } from "../../src/series/recent-points.js";
import { seriesKeyOf } from "../../src/series/run.js";
import { testRun } from "../support/judge-curve.js";

/** Settings under which every rule has something to say. */
const settingsOf: Readonly<Partial<Record<RuleId, Readonly<Record<string, unknown>>>>> = {
  threshold: { value: 0.5, for: 2 },
};

const tags = ["loss", "val/loss", "val/accuracy", "grad_norm", "lr", "gpu/utilization", "steps_per_sec", "x"];

function judgeOf(id: RuleId): RunJudge {
  const rules = { [id]: [{ tags: ["*"], settings: settingsOf[id] ?? {} }] };
  const failures = (failure: { error: unknown }): never => {
    throw failure.error;
  };
  return new RunJudge({
    run: testRun,
    settings: { rules, metrics: {}, overrides: [] },
    rules: [ruleOf(id)],
    onRuleFailure: failures,
  });
}

function judged(id: RuleId, points: Iterable<Point>): Transition[] {
  const judge = judgeOf(id);
  for (const point of points) for (const tag of tags) judge.observe("", tag, point);
  return judge.drain();
}

function* series(
  count: number,
  value: (i: number) => number,
  step = (i: number): number => i,
): Iterable<Point> {
  for (let i = 0; i < count; i += 1) yield { step: step(i), wallTime: i, value: value(i) };
}

/** A repeatable noise in [0, 1). */
const noise = (i: number): number => {
  const x = Math.sin(i * 12.9898) * 43_758.5453;
  return x - Math.floor(x);
};

const awkward: readonly (readonly [string, Iterable<Point>])[] = [
  ["one point", [...series(1, () => 1)]],
  ["all NaN", [...series(200, () => NaN)]],
  ["constant", [...series(500, () => 0.25)]],
  ["constant zero", [...series(500, () => 0)]],
  ["alternating", [...series(500, (i) => i % 2)]],
  ["huge", [...series(500, (i) => (i % 2 === 0 ? 1e308 : -1e308))]],
  ["tiny", [...series(500, (i) => i * Number.MIN_VALUE)]],
  ["minus zero", [...series(500, (i) => (i % 2 === 0 ? -0 : 0))]],
  ["all kinds of non-finite", [...series(500, (i) => [1, NaN, Infinity, -Infinity, 2][i % 5] ?? 0)]],
  ["steps going back", [...series(500, noise, (i) => i % 7)]],
  ["one step for ever", [...series(500, noise, () => 0)]],
  ["negative and vast steps", [...series(500, noise, (i) => (i % 2 === 0 ? -i : 2 ** 53 - i))]],
];

describe.each(ruleIds)("rule %s", (id) => {
  const rule: Rule = ruleOf(id);

  test("its id is its key; it can be switched off; it explains itself in every language", () => {
    expect(rule.id).toBe(id);
    expect(rule.settings.parse({})).toMatchObject({ enabled: true });
    for (const [name, field] of Object.entries(rule.settings.shape)) {
      expect(field.safeParse(undefined).success, `${name} has a default or may be absent`).toBe(true);
    }
    for (const locale of locales) expect(rule.summary[locale].length).toBeGreaterThan(5);
    expect(rule.summary.zh).toMatch(/\p{Script=Han}/u);
  });

  test("no points, no words", () => {
    expect(judged(id, [])).toEqual([]);
  });

  test.each(awkward)("survives %s, and its sentences are whole", (_, points) => {
    for (const { episode } of judged(id, points)) {
      const labels = labelSeries({ run: testRun, split: episode.split, tag: episode.tag });
      for (const locale of locales) {
        const sentence = rule.say(episode.evidence, locale, labels);
        expect(sentence).not.toMatch(/undefined|\[object|\n/);
        expect(sentence.length).toBeGreaterThan(3);
      }
    }
  });

  test("a hostile tag stays short and on one line", () => {
    const judge = judgeOf(id);
    const tag = `loss\n<!channel>\u202e${"x".repeat(5_000)}`;
    for (const point of series(60, (i) => (i > 40 ? NaN : i))) judge.observe("a\nb", tag, point);
    judge.tick(1e6);
    for (const { episode } of judge.drain()) {
      const sentence = rule.say(episode.evidence, "en", judge.labelsOf(episode.split, episode.tag));
      expect(sentence).not.toMatch(/[\n\u202e]/);
      expect(sentence.length).toBeLessThan(300);
    }
  });

  test("at most one episode of a series is open, and every one that fires ends at most once", () => {
    const points = series(
      20_000,
      (i) => (noise(i) > 0.99 ? NaN : noise(i) + (i % 40) / 20),
      (i) => i % 3_000,
    );
    const open = new Map<string, Episode>();
    for (const { kind, episode } of judged(id, points)) {
      expect(open.get(episode.tag)?.id).toBe(kind === "fired" ? undefined : episode.id);
      if (kind === "resolved") open.delete(episode.tag);
      else open.set(episode.tag, episode);
    }
  });

  test("memory survives the round trip: the detector goes on as if nothing had been", () => {
    const value = fc.oneof(fc.double({ min: 0, max: 2, noNaN: true }), fc.constantFrom(NaN, Infinity, -0));
    const moves = fc.array(fc.tuple(value, fc.integer({ min: -3, max: 9 })), { maxLength: 80 });
    fc.assert(
      fc.property(fc.constantFrom(...tags), moves, fc.nat(80), (tag, points, cut) => {
        const labels = labelSeries({ run: testRun, split: "", tag });
        const settings = rule.settings.parse(settingsOf[id] ?? {});
        let detector = rule.detector(settings, labels);
        const uncut = rule.detector(settings, labels);
        const past = new RecentPoints();
        const verdicts: [Verdict, Verdict][] = [];
        points.forEach(([value, move], i) => {
          if (i === cut) detector = rule.detector(settings, labels, detector.memory());
          const point = { step: i, wallTime: i * 300, value };
          if (move < 0) verdicts.push([detector.reset(i + move), uncut.reset(i + move)]);
          if (Number.isFinite(value)) past.push(point.step, value);
          verdicts.push([detector.observe(point, past, labels), uncut.observe(point, past, labels)]);
          expect(detector.deadline?.()).toEqual(uncut.deadline?.());
        });
        for (const [one, other] of verdicts) expect(one).toEqual(other);
        expect(detector.memory()).toEqual(uncut.memory());
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ["empty", new Uint8Array(0)],
    ["of another version", new Uint8Array([250, 1, 2, 3])],
  ])("memory that is %s starts anew", (_, memory) => {
    const labels = labelSeries({ run: testRun, split: "", tag: "loss" });
    const settings = rule.settings.parse(settingsOf[id] ?? {});
    expect(rule.detector(settings, labels, memory).memory()).toEqual(
      rule.detector(settings, labels).memory(),
    );
  });

  test("memory stays within its bound over a million points", () => {
    const labels = labelSeries({ run: testRun, split: "", tag: "loss" });
    const detector = rule.detector(rule.settings.parse(settingsOf[id] ?? {}), labels);
    const past = new RecentPoints();
    let largest = 0;
    for (const point of series(1_000_000, (i) => (noise(i) > 0.999 ? NaN : i + noise(i)))) {
      if (Number.isFinite(point.value)) past.push(point.step, point.value);
      detector.observe(point, past, labels);
      if (point.step % 50_000 === 0) largest = Math.max(largest, detector.memory().length);
    }
    expect(largest).toBeLessThanOrEqual(rule.memoryBound);
  });
});

test("a series' memory in all is bounded by the look-back and its rules", () => {
  const judge = new RunJudge({ run: testRun, settings: { rules: {}, metrics: {}, overrides: [] } });
  for (const point of series(10_000, (i) => noise(i) + i)) judge.observe("", "val/accuracy", point);
  const rules = ruleIds.reduce((sum, id) => sum + ruleOf(id).memoryBound + id.length + 8, 0);
  expect(judge.memoryOf(seriesKeyOf("", "val/accuracy")).length).toBeLessThanOrEqual(3_400 + rules);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Transition } from "../../../src/alerts/episode.js";
import { RunJudge } from "../../../src/alerts/run-judge.js";
import { fromJson, toJson } from "../../../src/lib/json.js";
import type { RuleSettings } from "../../../src/rules/effective-settings.js";
import type { SeriesKey } from "../../../src/series/run.js";
import { testRun } from "../../support/judge-curve.js";

interface Arrival {
  readonly split: string;
  readonly tag: string;
  readonly step: number;
  readonly wallTime: number;
  readonly value: number;
}

const settings: RuleSettings = {
  rules: { threshold: [{ tags: ["x", "*loss"], settings: { value: 0.8, for: 2 } }] },
  metrics: {},
  overrides: [],
};

const names = [
  { split: "train", tag: "loss" },
  { split: "validation", tag: "accuracy" },
  { split: "validation", tag: "loss" },
  { split: "", tag: "grad_norm" },
  { split: "", tag: "x" },
];

/** Lives of a run: steps mostly forward, sometimes back or repeated; pauses from none to hours; values that drift, jump and break. */
const life: fc.Arbitrary<readonly Arrival[]> = fc
  .array(
    fc.record({
      name: fc.constantFrom(...names),
      forward: fc.oneof(
        { weight: 20, arbitrary: fc.constant(1) },
        { weight: 1, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: -8, max: -1 }) },
      ),
      pause: fc.oneof(
        { weight: 30, arbitrary: fc.double({ min: -1, max: 90, noNaN: true }) },
        fc.constant(9_000),
      ),
      drift: fc.oneof(
        { weight: 6, arbitrary: fc.double({ min: 0.03, max: 0.06, noNaN: true }) },
        { weight: 1, arbitrary: fc.double({ min: -0.2, max: 0, noNaN: true }) },
      ),
      odd: fc.oneof({ weight: 15, arbitrary: fc.constant(0) }, fc.constantFrom(NaN, Infinity, -0.7)),
    }),
    { minLength: 1, maxLength: 300, size: "max" },
  )
  .map((moves) => {
    const level = new Map<string, { step: number; value: number }>();
    let wallTime = 1.7e9;
    return moves.map(({ name, forward, pause, drift, odd }) => {
      const last = level.get(name.tag) ?? { step: 0, value: 0.3 };
      const next = {
        step: last.step + forward,
        value: last.value + (name.tag === "accuracy" ? -drift : drift),
      };
      if (next.value > 2 || next.value < -1) next.value = 0.3;
      level.set(name.tag, next);
      wallTime += pause;
      return { ...name, step: next.step, wallTime, value: odd === 0 ? next.value : next.value + odd };
    });
  });

describe("same points, same alerts", () => {
  test("whatever the slices, with restarts between", () => {
    fc.assert(
      fc.property(life, fc.array(fc.nat(300), { maxLength: 12 }), (arrivals, cuts) => {
        const whole = inSlices(arrivals, []);
        const sliced = inSlices(arrivals, cuts);
        expect(sliced.transitions).toEqual(whole.transitions);
        expect(sliced.memory).toEqual(whole.memory);
        expect(sliced.open).toEqual(whole.open);
      }),
      { numRuns: 300 },
    );
  });

  test("the lives tried here are eventful", () => {
    const told = new Set(
      fc.sample(life, { numRuns: 200, seed: 7 }).flatMap((arrivals) => {
        return inSlices(arrivals, []).transitions.map(
          ({ kind, episode }) => `${episode.rule} ${kind} ${episode.resolved?.reason ?? ""}`,
        );
      }),
    );
    for (const rule of ["consecutive_rise", "consecutive_drop", "non_finite", "threshold"]) {
      for (const end of ["fired ", "resolved cleared", "resolved superseded"])
        expect(told).toContain(`${rule} ${end}`);
    }
    expect(told).toContain("stalled fired ");
  });
});

function inSlices(arrivals: readonly Arrival[], cuts: readonly number[]) {
  let judge = new RunJudge({ run: testRun, settings });
  const transitions: Transition[] = [];
  const stored = new Map<SeriesKey, Uint8Array>();
  const save = (): void => {
    for (const key of judge.changedSeries()) stored.set(key, judge.memoryOf(key));
    transitions.push(...judge.drain());
  };
  arrivals.forEach(({ split, tag, ...point }, i) => {
    if (cuts.includes(i)) {
      save();
      const episodes = fromJson<ReturnType<typeof judge.openEpisodes>>(toJson(judge.openEpisodes()));
      const memory = { series: new Map(stored), run: judge.runMemory(), episodes };
      judge = new RunJudge({ run: testRun, settings, memory });
    }
    judge.observe(split, tag, point);
  });
  save();
  const open = [...judge.openEpisodes()].sort((one, other) => (one.id < other.id ? -1 : 1));
  return { transitions, open, memory: new Map([...stored].sort()) };
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Transition } from "../../../src/alerts/episode.js";
import { RuleClock } from "../../../src/alerts/rule-clock.js";
import { RunJudge } from "../../../src/alerts/run-judge.js";
import { fromJson, toJson } from "../../../src/lib/json.js";
import type { RuleSettings } from "../../../src/rules/effective-settings.js";
import { ownRule } from "../../../src/rules/own-rules.js";
import { ownRulesSchema } from "../../../src/rules/own-rules-schema.js";
import { ruleIds } from "../../../src/rules/rule-registry.js";
import type { SeriesKey } from "../../../src/series/run.js";
import { testRun } from "../../support/judge-curve.js";

/** No rule is slow here: which points a slow one sees depends on the machine, not on the slices. */
const still = new RuleClock({ now: () => 0 });

interface Arrival {
  readonly split: string;
  readonly tag: string;
  readonly step: number;
  readonly wallTime: number;
  readonly value: number;
}

/** As people have it: few settings, a rule of their own, one set in chat. */
const usual: RuleSettings = {
  rules: { threshold: [{ tags: ["x", "*loss"], settings: { value: 0.8, for: 2 } }] },
  metrics: {},
  overrides: [],
  extra: Object.entries(
    ownRulesSchema.parse({
      gap: {
        metrics: { val: { tag: "loss", split: "validation" }, train: { tag: "loss", split: "train" } },
        condition: "val > mean(train, 3) or change(train, 2) > 0.08",
        for: "2 points",
      },
      slow: { metric: "x", condition: "slope(value, 2) > 0.01", for: "2m" },
    }),
  ).map(([id, written]) => ownRule(id, written)),
};

/** Every rule of the registry judges every series, with as little patience as it may have. */
const everything: RuleSettings = {
  ...usual,
  rules: Object.fromEntries(
    ruleIds.map((id) => [
      id,
      [{ tags: ["*"], settings: { enabled: true, ...(id === "threshold" ? { value: 0.8 } : {}) } }],
    ]),
  ),
};

const names = [
  { split: "train", tag: "loss" },
  { split: "validation", tag: "accuracy" },
  { split: "validation", tag: "loss" },
  { split: "", tag: "grad_norm" },
  { split: "", tag: "x" },
  { split: "", tag: "learning_rate" },
  { split: "", tag: "samples_per_sec" },
  { split: "", tag: "gpu_utilization" },
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
  test.each([
    ["with the settings that people have", usual, 150],
    ["with every rule on every series", everything, 50],
  ])(
    "whatever the slices, with restarts and live ticks between, %s",
    (_, settings, numRuns) => {
      fc.assert(
        fc.property(life, fc.array(fc.nat(300), { maxLength: 12 }), (arrivals, cuts) => {
          const whole = inSlices(settings, arrivals, []);
          const sliced = inSlices(settings, arrivals, cuts);
          expect(sliced.transitions).toEqual(whole.transitions);
          expect(sliced.memory).toEqual(whole.memory);
          expect(sliced.open).toEqual(whole.open);
        }),
        // Shrinking compares lives of hundreds of points for hours; the seed tells the case as well.
        { numRuns, endOnFailure: true },
      );
    },
    90_000,
  );

  test("the lives tried here are eventful", () => {
    const told = new Set(
      fc.sample(life, { numRuns: 200, seed: 7 }).flatMap((arrivals) => {
        return inSlices(everything, arrivals, []).transitions.map(
          ({ kind, episode }) => `${episode.rule} ${kind} ${episode.resolved?.reason ?? ""}`,
        );
      }),
    );
    for (const rule of ["consecutive_rise", "consecutive_drop", "non_finite", "threshold"]) {
      for (const end of ["fired ", "resolved cleared", "resolved superseded"])
        expect(told).toContain(`${rule} ${end}`);
    }
    for (const rule of ["stalled", "reset", "overfit", "lr_anomaly", "gap", "slow"])
      expect(told).toContain(`${rule} fired `);
  });
});

/** Between two slices time passes up to the next point, then the process is another one. */
function inSlices(settings: RuleSettings, arrivals: readonly Arrival[], cuts: readonly number[]) {
  let judge = new RunJudge({ run: testRun, settings, clock: still });
  const transitions: Transition[] = [];
  const stored = new Map<SeriesKey, Uint8Array>();
  const save = (): void => {
    for (const key of judge.changedSeries()) stored.set(key, judge.memoryOf(key));
    transitions.push(...judge.drain());
  };
  arrivals.forEach(({ split, tag, ...point }, i) => {
    if (cuts.includes(i)) {
      judge.tick(point.wallTime);
      save();
      const episodes = fromJson<ReturnType<typeof judge.openEpisodes>>(toJson(judge.openEpisodes()));
      const memory = { series: new Map(stored), run: judge.runMemory(), episodes };
      judge = new RunJudge({ run: testRun, settings, memory, clock: still });
    }
    judge.observe(split, tag, point);
  });
  save();
  const open = [...judge.openEpisodes()].sort((one, other) => (one.id < other.id ? -1 : 1));
  return { transitions, open, memory: new Map([...stored].sort()) };
}

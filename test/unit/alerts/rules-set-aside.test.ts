import { describe, expect, test } from "vitest";
import { RuleClock } from "../../../src/alerts/rule-clock.js";
import { sayRuleFailure } from "../../../src/alerts/rule-failure.js";
import { RunJudge } from "../../../src/alerts/run-judge.js";
import { defaultRuleSettings } from "../../../src/rules/effective-settings.js";
import type { Detector, Rule } from "../../../src/rules/rule.js";
import { ruleOf } from "../../../src/rules/rule-registry.js";
import { allWell } from "../../../src/rules/verdicts.js";
import { testRun } from "../../support/judge-curve.js";

interface Bench {
  readonly judge: RunJudge;
  /** Calls of `observe` so far. */
  readonly asked: () => number;
  readonly failures: readonly string[];
  readonly restarted: (changed?: Partial<Rule>) => Bench;
}

/** A judge with one rule of somebody's and one of ours, by a clock that only the rule moves. */
function bench(
  given: (move: (ms: number) => void) => Partial<Detector>,
  { changed = {}, from }: { readonly changed?: Partial<Rule>; readonly from?: RunJudge } = {},
): Bench {
  let now = 0;
  let calls = 0;
  const failures: string[] = [];
  const inner = given((ms) => {
    now += ms;
  });
  const detector: Detector = {
    reset: () => allWell,
    memory: () => new Uint8Array(0),
    ...inner,
    observe: (...point) => {
      calls += 1;
      return inner.observe?.(...point) ?? allWell;
    },
  };
  const mine: Rule = {
    ...ruleOf("threshold"),
    id: "mine",
    code: "1",
    appliesTo: () => true,
    detector: () => detector,
    ...changed,
  };
  const memory = from && {
    series: new Map(from.changedSeries().map((key) => [key, from.memoryOf(key)])),
    run: from.runMemory(),
    episodes: from.openEpisodes(),
  };
  const judge = new RunJudge({
    run: testRun,
    settings: defaultRuleSettings,
    rules: [mine, ruleOf("non_finite")],
    clock: new RuleClock({ now: () => now }),
    onRuleFailure: (failure) => failures.push(sayRuleFailure("run", failure)),
    memory,
  });
  const restarted = (next: Partial<Rule> = {}): Bench => bench(given, { changed: next, from: judge });
  return { judge, asked: () => calls, failures, restarted };
}

/** Goes on with the steps where it left off. */
let step = 0;
function feed({ judge }: Bench, tag: string, points: number): void {
  for (const end = step + points; step < end; step += 1)
    judge.observe("", tag, { step, wallTime: step, value: 1 });
}

const slow = bench.bind(undefined, (move) => ({
  observe: () => {
    move(100);
    return allWell;
  },
}));

describe("a rule that is slow", () => {
  test("is told once with run and tag, and asked nothing more in the whole run", () => {
    const it = slow();
    feed(it, "loss", 100);
    const asked = it.asked();
    expect(asked).toBeLessThan(15);
    feed(it, "val/loss", 100);
    feed(it, "loss", 100);
    expect(it.asked()).toBe(asked);
    expect(it.failures).toEqual(["run · loss: Error: it took more than 1000 ms beyond 0.1 ms a call"]);
  });

  test("leaves the others judging, at the same point too", () => {
    const it = slow();
    for (let at = 0; at < 30; at += 1) it.judge.observe("", "loss", { step: at, wallTime: at, value: NaN });
    expect(it.judge.drain().map(({ episode }) => [episode.rule, episode.opened.step])).toEqual([
      ["non_finite", 0],
    ]);
  });

  test("stays aside after a restart, untold, until its code is another", () => {
    const it = slow();
    feed(it, "loss", 20);
    const again = it.restarted();
    feed(again, "loss", 20);
    feed(again, "val/loss", 20);
    expect([again.asked(), again.failures]).toEqual([0, []]);
    const mended = again.restarted({ code: "2" });
    feed(mended, "acc", 1);
    expect(mended.asked()).toBe(1);
  });
});

test.each<[string, Partial<Detector>]>([
  [
    "observe",
    {
      observe: () => {
        throw new Error("oh");
      },
    },
  ],
  [
    "memory",
    {
      memory: () => {
        throw new Error("oh");
      },
    },
  ],
  [
    "replace",
    {
      replace: () => {
        throw new Error("oh");
      },
    },
  ],
])("a rule that throws in %s is told once, and stays aside in its series after a restart", (_, broken) => {
  const it = bench(() => broken);
  feed(it, "loss", 3);
  it.judge.observe("", "loss", { step: step - 1, wallTime: step, value: 7 });
  const again = it.restarted();
  feed(again, "loss", 3);
  expect(again.asked()).toBe(0);
  expect([...it.failures, ...again.failures]).toEqual(["run · loss: Error: oh"]);
});

test("a rule whose deadline throws does not take the run with it", () => {
  const it = bench(() => ({}), {
    changed: {
      scope: "run",
      detector: () => ({
        observe: () => allWell,
        reset: () => allWell,
        memory: () => new Uint8Array(0),
        deadline: () => {
          throw new Error("oh");
        },
      }),
    },
  });
  feed(it, "loss", 2);
  expect(it.judge.deadline()).toBeUndefined();
  expect(it.failures).toEqual(["run: Error: oh"]);
});

test("a rule of ours is timed at one point in 64, and set aside all the same", () => {
  let now = 0;
  let calls = 0;
  const ours: Rule = {
    ...ruleOf("plateau"),
    appliesTo: () => true,
    detector: () => ({
      observe: () => {
        calls += 1;
        now += 50;
        return allWell;
      },
      reset: () => allWell,
      memory: () => new Uint8Array(0),
    }),
  };
  const judge = new RunJudge({
    run: testRun,
    settings: defaultRuleSettings,
    rules: [ours],
    clock: new RuleClock({ now: () => now }),
  });
  for (let at = 0; at < 10_000; at += 1) judge.observe("", "loss", { step: at, wallTime: at, value: 1 });
  expect(calls).toBeLessThan(64 * 6);
});

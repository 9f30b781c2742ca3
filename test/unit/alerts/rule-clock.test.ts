import { expect, test } from "vitest";
import { TimeLimitReached } from "../../../src/lib/time-limit.js";
import { RuleClock, RuleStopped, RuleTooSlow } from "../../../src/alerts/rule-clock.js";

const asked = { rule: "mine", split: "", tag: "loss" };

/** A clock of rules that take the given time, and how often one may be asked before it is too slow. */
function callsBorne(tookMs: number, most = 100_000): number {
  let now = 0;
  const clock = new RuleClock({ now: () => now });
  for (let calls = 0; calls < most; calls += 1) {
    try {
      clock.time(asked, () => (now += tookMs));
    } catch (error) {
      expect(error).toBeInstanceOf(RuleTooSlow);
      return calls;
    }
  }
  return most;
}

test.each([
  ["within its allowance, for ever", 0.1, 100_000],
  ["twice its allowance, for 10,000 calls", 0.2, 9_999],
  ["5 ms, for 204 calls", 5, 204],
  ["longer than a pause of the machine, for four", 250, 4],
  ["an hour, no sooner", 3_600_000, 4],
])("a call may take %s", (_, tookMs, calls) => {
  expect(Math.abs(callsBorne(tookMs) - calls)).toBeLessThanOrEqual(1);
});

test("a rule caught once has less credit in the next run, and earns it back by quick calls", () => {
  let now = 0;
  const clock = new RuleClock({ now: () => now });
  const slow = (): number => clock.time(asked, () => (now += 200));
  const untilCaught = (): number => {
    for (let calls = 0; ; calls += 1) {
      try {
        slow();
      } catch {
        return calls;
      }
    }
  };
  expect(untilCaught()).toBe(5);
  expect(untilCaught()).toBe(2);
  for (let calls = 0; calls < 10_000; calls += 1) clock.time(asked, () => 0);
  expect(untilCaught()).toBe(5);
});

test("one call that stands for many is counted and allowed as many", () => {
  let now = 0;
  const clock = new RuleClock({ now: () => now });
  for (let calls = 0; calls < 1_000; calls += 1) clock.time(asked, () => (now += 0.1), 64);
  expect(() => {
    for (let calls = 0; calls < 10; calls += 1) clock.time(asked, () => (now += 5), 64);
  }).toThrow(RuleTooSlow);
});

test("what a rule throws is thrown, and gives what it returns", () => {
  const clock = new RuleClock();
  expect(clock.time(asked, () => 7)).toBe(7);
  expect(() =>
    clock.time(asked, () => {
      throw new RangeError("oh");
    }),
  ).toThrow(new RangeError("oh"));
});

const code = [{ code: "1" }];
const forEver = (): never => {
  for (;;) {
    try {
      for (;;);
    } catch {
      // What a rule catches does not keep it alive.
    }
  }
};

test("code that does not return is stopped with its name, and asked no more the second time", () => {
  const clock = new RuleClock({ stopMs: 20 });
  const hang = (): unknown => clock.limited(code, () => clock.time(asked, forEver));
  expect(hang).toThrow(RuleStopped);
  expect(hang).toThrow("mine did not return");
  expect(hang).toThrow(RuleTooSlow);
  expect(clock.limited(code, () => clock.time({ ...asked, rule: "other" }, () => 1))).toBe(1);
});

test("work without somebody's code is not timed, and work that is nobody's fault is no rule's", () => {
  const clock = new RuleClock({ stopMs: 20 });
  expect(clock.limited([{}], () => 1)).toBe(1);
  expect(() => clock.limited(code, forEver)).toThrow(TimeLimitReached);
});

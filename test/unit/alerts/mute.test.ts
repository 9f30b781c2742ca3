import { expect, test } from "vitest";
import { isMuted, isRunMuted, type Mute } from "../../../src/alerts/mute.js";
import { runIdOf, watchIdOf } from "../../../src/series/run.js";

const run = runIdOf({ watch: watchIdOf("/logs"), name: "nightly/7" });
const about = { run, name: "nightly/7", rule: "spike" };
const mute = (target: Mute["target"], until = 100): Mute => ({ id: "m", target, until, author: "a", at: 10 });

test.each<[string, Mute["target"], boolean, boolean]>([
  ["its own", { kind: "run", run }, true, true],
  ["another run's", { kind: "run", run: runIdOf({ watch: watchIdOf("/logs"), name: "b" }) }, false, false],
  ["its group's", { kind: "group", runs: "nightly/*" }, true, true],
  ["another group's", { kind: "group", runs: "weekly/*" }, false, false],
  ["its rule's: not the run's as a whole", { kind: "rule", rule: "spike" }, true, false],
  ["another rule's", { kind: "rule", rule: "jump" }, false, false],
])("a mute that is %s", (...[, target, alert, whole]) => {
  expect(isMuted([mute(target)], about, 50) !== undefined).toBe(alert);
  expect(isRunMuted([mute(target)], about, 50) !== undefined).toBe(whole);
});

test("holds from when it was made until its end", () => {
  const group = mute({ kind: "group", runs: "nightly/*" });
  expect([9, 10, 99, 100].map((now) => isMuted([group], about, now) !== undefined)).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test("of several the run is quiet until the last ends", () => {
  const mutes = [mute({ kind: "run", run }, 60), mute({ kind: "group", runs: "*" }, 90)];
  expect(isRunMuted(mutes, about, 50)?.until).toBe(90);
});

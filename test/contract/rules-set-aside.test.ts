import { afterEach, beforeEach, expect, it } from "vitest";
import { RuleClock } from "../../src/alerts/rule-clock.js";
import { SessionShelf } from "../../src/jobs/session-shelf.js";
import { rulesOfModule } from "../../src/rules/module-rules.js";
import type { Rule } from "../../src/rules/rule.js";
import { type RigProcess, WatchRig } from "../support/watch-rig.js";

let rig: WatchRig;
beforeEach(() => {
  rig = new WatchRig();
});
afterEach(() => rig.dispose());

const quiet = {
  observe: () => ({ kind: "ok" }),
  reset: () => ({ kind: "ok" }),
  memory: () => new Uint8Array(0),
};

function own(observe: () => unknown): readonly Rule[] {
  const detector = (): object => ({ ...quiet, observe });
  const given = { id: "mine", severity: "info", memoryBound: 0, summary: "mine", say: () => "mine" };
  const read = rulesOfModule({ default: { ...given, appliesTo: () => true, detector } }, "1");
  if (read.kind === "problems") throw new Error(read.problems.join("; "));
  return read.rules;
}

async function process(extra: readonly Rule[]): Promise<RigProcess> {
  const rules = { ...rig.rules, extra };
  return rig.start({
    // Long beside what the other rules take in code that has only begun to run.
    sessions: new SessionShelf(500, new RuleClock({ stopMs: 500 })),
    settings: () => Promise.resolve({ version: 1, rules }),
  });
}

function told(): readonly string[] {
  return rig.platform.posts.map(({ headline }) => headline).filter((line) => line.startsWith("TensorBell"));
}

function logged(): readonly object[] {
  return rig.said.filter(({ event }) => event === "rule_failed").map(({ facts }) => facts);
}

const sentence = "TensorBell · A rule failed or is too slow, and was set aside; the others go on";

it("a module that never returns is told once, and the run is judged by all the others, after a restart too", async () => {
  let asked = 0;
  const hangs = own(() => {
    asked += 1;
    for (;;);
  });
  rig.write("run", { tag: "loss", values: [1, Number.NaN] });
  const bot = await process(hangs);
  await bot.look();
  await bot.settle();
  expect(asked).toBe(2);
  expect(told()).toEqual([sentence]);
  expect(logged()).toMatchObject([{ run: "run", rule: "mine", tag: "loss" }]);
  expect(rig.platform.posts.map(({ headline }) => headline).join("\n")).toContain("loss became NaN");

  const next = await process(hangs);
  rig.write("run", { tag: "loss", values: [1, 1], from: 2 });
  await next.look();
  await next.settle();
  expect(asked).toBe(2);
  expect(logged()).toHaveLength(1);
});

it("one that throws is told with its run and tag, of several runs once, and in the log of each", async () => {
  const throws = own(() => {
    throw new Error("oh");
  });
  for (const run of ["a", "b"]) rig.write(run, { tag: "loss", values: [1, 2] });
  const bot = await process(throws);
  await bot.look();
  await bot.settle();
  expect(told()).toEqual([sentence]);
  expect(logged()).toMatchObject([
    { rule: "mine", tag: "loss" },
    { rule: "mine", tag: "loss" },
  ]);
  expect(new Set(logged().map((facts) => "run" in facts && facts.run))).toEqual(new Set(["a", "b"]));
});

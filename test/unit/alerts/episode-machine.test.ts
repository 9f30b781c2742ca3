import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Episode } from "../../../src/alerts/episode.js";
import {
  advanceEpisode,
  changesNothing,
  interruptEpisode,
  resolveEpisode,
} from "../../../src/alerts/episode-machine.js";
import type { Hold, Severity, Verdict } from "../../../src/rules/rule.js";
import { runIdOf } from "../../../src/series/run.js";
import { testRun } from "../../support/judge-curve.js";

const letters: Readonly<Record<string, Verdict>> = {
  ".": { kind: "ok" },
  "?": { kind: "no-data", reason: "not a number" },
  b: { kind: "breach", evidence: { numbers: {} } },
  B: { kind: "breach", evidence: { numbers: { worse: 1 } }, severity: "critical" },
  c: { kind: "clear" },
};

/** What happens along a word of verdicts, and the state in the end. */
function tell(word: string, hold: Hold = { breaches: 1, clears: 1 }, severity: Severity = "warning") {
  let episode: Episode | undefined;
  let begun = 0;
  const said: string[] = [];
  Array.from(word).forEach((letter, step) => {
    const context = {
      hold,
      severity,
      begin: () => ({ id: `e${++begun}`, run: runIdOf(testRun), rule: "r", split: "", tag: "t" }),
    };
    const moment = { step, wallTime: step, value: 0 };
    const next = advanceEpisode(episode, letters[letter] ?? { kind: "ok" }, { moment, context });
    episode = next.episode;
    if (next.transition !== undefined)
      said.push(`${next.transition.kind}@${step}:${next.transition.episode.id}`);
  });
  return { said: said.join(" "), state: episode?.state ?? "none", episode };
}

describe("an episode", () => {
  test.each([
    ["nothing wrong", "...c?", { said: "", state: "none" }],
    ["one breach fires", ".b", { said: "fired@1:e1", state: "firing" }],
    ["more breaches are no news", "bbbb", { said: "fired@0:e1", state: "firing" }],
    ["well enough is not over", "b....", { said: "fired@0:e1", state: "firing" }],
    ["a clear resolves", "b.c", { said: "fired@0:e1 resolved@2:e1", state: "none" }],
    [
      "the next breach is another episode",
      "bcb",
      { said: "fired@0:e1 resolved@1:e1 fired@2:e2", state: "firing" },
    ],
    ["a more severe breach escalates, once", "bBBb", { said: "fired@0:e1 escalated@1:e1", state: "firing" }],
    ["a milder breach is no news", "Bb", { said: "fired@0:e1", state: "firing" }],
  ] as const)("with no patience: %s", (...[, word, expected]) => {
    expect(tell(word)).toMatchObject(expected);
  });

  test.each([
    ["two breaches are pending", "bb", { said: "", state: "pending" }],
    ["three in a row fire", "bbb", { said: "fired@2:e1", state: "firing" }],
    ["a good point between starts over", "bb.bb", { said: "", state: "pending" }],
    ["no data between changes nothing", "bb?b", { said: "fired@3:e1", state: "firing" }],
    ["one clear is recovering", "bbbc", { said: "fired@2:e1", state: "recovering" }],
    ["two in a row resolve", "bbbcc", { said: "fired@2:e1 resolved@4:e1", state: "none" }],
    [
      "a breach between keeps it firing, without words",
      "bbbcbc",
      { said: "fired@2:e1", state: "recovering" },
    ],
    ["a point in the margin too", "bbbc.c", { said: "fired@2:e1", state: "recovering" }],
  ] as const)("with patience 3 and 2: %s", (...[, word, expected]) => {
    expect(tell(word, { breaches: 3, clears: 2 })).toMatchObject(expected);
  });

  test("a restart forgets what was pending and takes recovery back", () => {
    const pending = tell("bb", { breaches: 3, clears: 2 }).episode;
    const recovering = tell("bbbc", { breaches: 3, clears: 2 }).episode;
    expect(pending && interruptEpisode(pending)).toBeUndefined();
    expect(recovering && interruptEpisode(recovering)).toMatchObject({ state: "firing" });
    expect(recovering && interruptEpisode(recovering)).not.toHaveProperty("streak");
  });

  test("what was never heard ends unheard", () => {
    const moment = { step: 9, wallTime: 9, value: 0 };
    const pending = tell("b", { breaches: 2, clears: 1 }).episode;
    const firing = tell("b").episode;
    expect(pending && resolveEpisode(pending, moment, "settings")).toBeUndefined();
    expect(firing && resolveEpisode(firing, moment, "settings")).toMatchObject({
      kind: "resolved",
      episode: { state: "resolved", resolved: { step: 9, reason: "settings" } },
    });
  });

  test("fired and resolved alternate, whatever the verdicts and the patience", () => {
    const word = fc.string({ unit: fc.constantFrom(...Object.keys(letters)), maxLength: 60 });
    const patience = fc.record({
      breaches: fc.integer({ min: 1, max: 4 }),
      clears: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(word, patience, (verdicts, hold) => {
        const kinds = tell(verdicts, hold)
          .said.split(" ")
          .map((said) => said.split("@")[0])
          .filter((kind) => kind === "fired" || kind === "resolved");
        kinds.forEach((kind, i) => expect(kind).toBe(i % 2 === 0 ? "fired" : "resolved"));
      }),
    );
  });

  test("what changes nothing is known without asking", () => {
    const firing = tell("b").episode;
    expect(changesNothing(undefined, { kind: "clear" })).toBe(true);
    expect(changesNothing(firing, { kind: "ok" })).toBe(true);
    expect(changesNothing(firing, { kind: "clear" })).toBe(false);
  });
});

import { describe, expect, test } from "vitest";
import type { Episode } from "../../../../src/alerts/episode.js";
import { changeOf, compareAlerts } from "../../../../src/cli/replay/compare-alerts.js";
import type { ReplayedAlert } from "../../../../src/cli/replay-report.js";
import { runIdOf, watchIdOf } from "../../../../src/series/run.js";

function alert(from: number, to?: number, more: Partial<Episode> = {}): ReplayedAlert {
  const moment = (step: number) => ({ step, wallTime: step, value: 1 });
  const episode: Episode = {
    id: `e${from}`,
    run: runIdOf({ watch: watchIdOf("/logs"), name: "r" }),
    rule: "consecutive_rise",
    split: "",
    tag: "loss",
    severity: "warning",
    state: to === undefined ? "firing" : "resolved",
    opened: moment(from),
    evidence: { numbers: {} },
    ...(to === undefined ? {} : { resolved: { ...moment(to), reason: "cleared" as const } }),
    ...more,
  };
  return { run: "r", episode, message: "rose" };
}

describe("two settings' alerts", () => {
  test.each([
    { of: "the same alert", before: [alert(5)], after: [alert(5)], changes: ["both"] },
    {
      of: "a later one that is open at the same time",
      before: [alert(5, 20)],
      after: [alert(9, 15)],
      changes: ["both"],
    },
    {
      of: "one that begins when the other is over",
      before: [alert(5, 8)],
      after: [alert(9)],
      changes: ["only before", "only after"],
    },
    {
      of: "another tag",
      before: [alert(5)],
      after: [alert(5, 9, { tag: "other" })],
      changes: ["only before", "only after"],
    },
    {
      of: "another rule",
      before: [alert(5)],
      after: [alert(5, 9, { rule: "spike" })],
      changes: ["only before", "only after"],
    },
    {
      of: "two where one was: one partner each",
      before: [alert(5, 50)],
      after: [alert(6, 9), alert(12)],
      changes: ["both", "only after"],
    },
    { of: "none", before: [], after: [], changes: [] },
  ])("$of", ({ before, after, changes }) => {
    expect(compareAlerts(before, after).map(changeOf)).toEqual(changes);
  });
});

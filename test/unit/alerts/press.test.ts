import { describe, expect, it } from "vitest";
import { announce, type Announcement } from "../../../src/alerts/announce.js";
import { composePress } from "../../../src/alerts/compose-press.js";
import type { Episode } from "../../../src/alerts/episode.js";
import { pressDeadline } from "../../../src/alerts/press.js";
import { newRunFacts, type RunFacts } from "../../../src/alerts/run-facts.js";
import type { Routing } from "../../../src/alerts/route.js";
import { chinese, english, labelsOf, nanEpisode, run42, written } from "./compose-support.js";

const minute = 60_000;
const start = 20_000 * 1_440 * minute;
const nan = nanEpisode("train/loss");
const routing: Routing = {
  routes: [{ to: ["ding:g1"], mention: ["ding:u1", "other:u9"] }],
  owners: [],
  pressing: new Map([["ding", 15 * minute]]),
};

function step(facts: RunFacts, change: Partial<Announcement>) {
  const { entries, facts: after } = announce({
    ...{ run: run42, id: nan.run, revision: 1, facts, transitions: [], open: [nan], restartedAt: undefined },
    ...{ news: [], mutes: [], routing, now: start },
    ...change,
  });
  return { after, pressed: entries.filter(({ body }) => body.kind === "press") };
}

function fired(change: Partial<Announcement> = {}): RunFacts {
  const transitions = [{ kind: "fired" as const, episode: nan }];
  return step({ ...newRunFacts, phase: "live" }, { transitions, ...change }).after;
}

describe("pressing people about a critical alert", () => {
  it("comes once, when nobody has acknowledged it for long enough", () => {
    const waiting = fired();
    expect(pressDeadline(waiting, routing)).toBe(start + 15 * minute);
    const early = step(waiting, { now: start + 15 * minute - 1 });
    expect(early.pressed).toEqual([]);
    const due = step(early.after, { now: start + 15 * minute });
    expect(due.pressed).toMatchObject([
      { destination: "ding:g1", body: { episode: { id: nan.id }, people: ["u1"], since: start } },
    ]);
    expect(due.after).not.toHaveProperty("pressing");
    expect(step(due.after, { now: start + 60 * minute }).pressed).toEqual([]);
  });

  const acked: Episode = { ...nan, ack: { by: "Ann", at: start + minute } };
  const mute = {
    id: "m",
    target: { kind: "run" as const, run: nan.run },
    until: start + 60 * minute,
    author: "a",
    at: 0,
  };
  it.each<[string, Partial<Announcement>]>([
    ["somebody acknowledged it", { open: [acked] }],
    ["somebody muted the run", { mutes: [mute] }],
    ["it is over", { open: [] }],
    [
      "the routes changed and name nobody any more",
      { routing: { ...routing, routes: [{ to: ["ding:g1"] }] } },
    ],
  ])("does not come where %s", (_why, change) => {
    const later = step(fired(), { now: start + 20 * minute, ...change });
    expect(later.pressed).toEqual([]);
    expect(later.after).not.toHaveProperty("pressing");
  });

  it.each<[string, Partial<Announcement>]>([
    ["no platform has a pressing way", { routing: { ...routing, pressing: new Map() } }],
    [
      "the alert is a warning",
      { transitions: [{ kind: "fired", episode: { ...nan, severity: "warning" } }] },
    ],
    ["the alert was kept quiet", { mutes: [mute] }],
    ["nobody is named there", { routing: { ...routing, routes: [{ to: ["other:c1"] }] } }],
  ])("waits for nothing where %s", (_why, change) => {
    expect(fired(change)).not.toHaveProperty("pressing");
  });

  it("says what, where and for how long, and how to answer", () => {
    const about = { run: run42, episode: nan, labels: labelsOf("train/loss", "loss"), waited: 15 * minute };
    expect(written(composePress(about, english))).toMatchInlineSnapshot(`
      "(critical) Critical · cifar10/run42 · train/loss became NaN · unacknowledged for 15m
      [n] Quote the alert in the group and answer: @TensorBell ack"
    `);
    expect(written(composePress(about, chinese))).toMatchInlineSnapshot(`
      "(critical) 严重 · cifar10/run42 · train/loss 变为 NaN · 15分钟无人确认
      [n] 在群里引用该告警并回复：@TensorBell 确认"
    `);
  });
});

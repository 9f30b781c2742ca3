import { describe, expect, it } from "vitest";
import { announce, type Announcement } from "../../../src/alerts/announce.js";
import type { Episode, Transition } from "../../../src/alerts/episode.js";
import { newRunFacts } from "../../../src/alerts/run-facts.js";
import { runIdOf, type WatchId } from "../../../src/series/run.js";

const run = { watch: "w1" as WatchId, name: "exp/run42" };
const id = runIdOf(run);
const day = 86_400_000;
const now = 20_000 * day;
const live = { ...newRunFacts, phase: "live" as const };

function episode(rule: string, more: Partial<Episode> = {}): Episode {
  return {
    id: `${rule}/1`,
    run: id,
    rule,
    split: "",
    tag: "loss",
    severity: "warning",
    state: "firing",
    opened: { step: 1, wallTime: 1, value: 1 },
    evidence: { numbers: {} },
    ...more,
  };
}

const fired = (each: Episode): Transition => ({ kind: "fired", episode: each });
const resolved = (each: Episode): Transition => ({
  kind: "resolved",
  episode: { ...each, state: "resolved" },
});

function told(change: Partial<Announcement>) {
  const result = announce({
    run,
    id,
    revision: 7,
    facts: live,
    transitions: [],
    open: [],
    restartedAt: undefined,
    news: [],
    mutes: [],
    routing: { routes: [{ to: ["slack:C1"] }], owners: [] },
    now,
    ...change,
  });
  return {
    ...result,
    said: result.entries.map((entry) => `${entry.destination} ${entry.id.slice(id.length + 1)}`),
  };
}

describe("announcing what an ingest found", () => {
  const rise = episode("consecutive_rise");

  it("says once that a rule flaps, then neither its cycles nor its ends", () => {
    const told1 = episode("threshold", { flapping: "told" });
    const quiet = episode("threshold", { flapping: "quiet", id: "threshold/2" });
    expect(told({ transitions: [fired(told1)], open: [told1] }).said).toContain("slack:C1 7/alert");
    for (const transitions of [[resolved(told1)], [fired(quiet)], [resolved(quiet)]])
      expect(told({ transitions, open: [] }).said).not.toContain("slack:C1 7/alert");
  });

  it("does not wait for an alert for ever that flapped and ended while it was muted", () => {
    const flaps = episode("threshold", { flapping: "told" });
    const mute = { id: "m", target: { kind: "run" as const, run: id }, until: now + 1, author: "a", at: 0 };
    const muted = told({ transitions: [fired(flaps)], open: [flaps], mutes: [mute] });
    expect(muted.facts.unsaid).toEqual([flaps.id]);
    expect(told({ facts: muted.facts, transitions: [resolved(flaps)] }).facts.unsaid).toEqual([]);
  });

  it.each([
    ["a warning of another tag", ["non_finite", "warning"], ["explosion", "critical"]],
    ["a tag that was never finite", ["non_finite", "info"], ["plateau", "info"]],
    ["a jump", ["jump", "warning"], ["spike", "critical"]],
  ] as const)("%s does not hide what weighs more", (_, [loud, severity], [quiet, more]) => {
    const [first, second] = [
      episode(loud, { severity, tag: "explained_variance" }),
      episode(quiet, { id: "second", severity: more }),
    ];
    expect(told({ transitions: [fired(second)], open: [first, second] }).said).toContain("slack:C1 7/alert");
  });

  it("an alert whose rule a person muted hides no other", () => {
    const mute = {
      id: "m",
      target: { kind: "rule" as const, rule: "non_finite" },
      until: now + 1,
      author: "a",
      at: 0,
    };
    const [nan, explosion] = [
      episode("non_finite", { severity: "critical" }),
      episode("explosion", { id: "second", severity: "critical" }),
    ];
    expect(told({ transitions: [fired(explosion)], open: [nan, explosion], mutes: [mute] }).said).toContain(
      "slack:C1 7/alert",
    );
  });

  it("tells neither the state of a run, nor steps that went back, as alerts", () => {
    for (const each of [
      episode("finished", { tag: "", severity: "info" }),
      episode("silent", { tag: "", severity: "info" }),
      episode("reset", { severity: "info", evidence: { numbers: { back_to: 3 } } }),
    ])
      expect(told({ transitions: [fired(each)], open: [each] }).said).not.toContain("slack:C1 7/alert");
  });

  it.each([
    ["crashed", "stalled", true],
    ["finished", "throughput_drop", true],
    ["finished", "missing_metric", true],
    ["divergence", "consecutive_rise", true],
    ["non_finite", "overfit", true],
    ["non_finite", "plateau", true],
    ["stalled", "crashed", false],
  ])("%s keeps %s quiet: %s", (loud, quiet, keeps) => {
    const [first, second] = [episode(loud, { severity: "critical" }), episode(quiet, { id: "second" })];
    const { facts } = told({ transitions: [fired(second)], open: [first, second] });
    expect(facts.unsaid.includes("second")).toBe(keeps);
  });

  it("a spike that did not come back keeps quiet what a divergence does", () => {
    const [spike, rise2] = [
      episode("spike", { severity: "critical" }),
      episode("consecutive_rise", { id: "r" }),
    ];
    expect(told({ transitions: [fired(rise2)], open: [spike, rise2] }).facts.unsaid).toEqual(["r"]);
  });

  it("puts everything found at once into one message, with a refresh of the root behind it", () => {
    const nan = episode("threshold", { tag: "b" });
    const { said, entries } = told({ transitions: [fired(rise), fired(nan)], open: [rise, nan] });
    expect(said).toEqual(["slack:C1 7/alert", "slack:C1 7/root"]);
    expect(entries[0]?.body).toMatchObject({ transitions: [{ episode: rise }, { episode: nan }] });
  });

  it("says nothing of history", () => {
    expect(told({ facts: newRunFacts, transitions: [fired(rise)], open: [rise] }).said).toEqual([]);
  });

  it("keeps a muted alert quiet, tells it when the mute has ended and it is still open, and its end only if it was told", () => {
    const mute = { id: "m", target: { kind: "run" as const, run: id }, until: now + 1, author: "a", at: 0 };
    const muted = told({ transitions: [fired(rise)], open: [rise], mutes: [mute] });
    expect(muted.said).toEqual(["slack:C1 7/root"]);
    expect(muted.facts.unsaid).toEqual([rise.id]);
    expect(told({ facts: muted.facts, open: [rise], mutes: [mute] }).said).toEqual([]);
    expect(told({ facts: muted.facts, open: [rise], mutes: [mute], now: now + 1 }).said).toContain(
      "slack:C1 7/alert",
    );
    const over = told({ facts: muted.facts, transitions: [resolved(rise)] });
    expect(over.said).toEqual(["slack:C1 7/root"]);
    expect(over.facts.unsaid).toEqual([]);
  });

  it("leaves out what another open alert makes pointless", () => {
    const nan = episode("non_finite", { severity: "critical" });
    const { entries, facts } = told({ transitions: [fired(nan), fired(rise)], open: [nan, rise] });
    expect(entries[0]?.body).toMatchObject({ transitions: [{ episode: nan }] });
    expect(facts.unsaid).toEqual([rise.id]);
  });

  it("stops a storm at six posts a run and day, never a critical one, and starts afresh the next day", () => {
    let { facts } = told({});
    for (let post = 0; post < 6; post += 1)
      ({ facts } = told({ facts, transitions: [fired(rise)], open: [rise] }));
    expect(told({ facts, transitions: [fired(rise)], open: [rise] }).said).toEqual(["slack:C1 7/root"]);
    const critical = episode("non_finite", { severity: "critical" });
    expect(told({ facts, transitions: [fired(critical)], open: [critical] }).said).toContain(
      "slack:C1 7/alert",
    );
    expect(told({ facts, transitions: [fired(rise)], open: [rise], now: now + day }).said).toContain(
      "slack:C1 7/alert",
    );
  });

  it("takes the first route that matches, and mentions people on their own platform only, not for the record", () => {
    const routing = {
      routes: [
        {
          run: "exp/*",
          atLeast: "critical" as const,
          to: ["slack:C9", "terminal:stdout"],
          mention: ["slack:U1", "dingtalk:7"],
        },
        { to: ["slack:C1"] },
      ],
      owners: [{ run: "exp/*", mention: ["slack:U2"] }],
    };
    const critical = episode("non_finite", { severity: "critical" });
    const both = told({ routing, transitions: [fired(critical), fired(rise)], open: [] });
    const alerts = both.entries.filter((entry) => entry.body.kind === "alert");
    expect(
      alerts.map((entry) => [
        entry.destination,
        entry.body.kind === "alert" ? entry.body.mention : undefined,
      ]),
    ).toEqual([
      ["slack:C9", ["U1", "U2"]],
      ["terminal:stdout", undefined],
      ["slack:C1", ["U2"]],
    ]);
    const info = told({ routing, transitions: [fired(episode("stalled", { severity: "info" }))] });
    expect(info.entries[0]?.body).not.toHaveProperty("mention");
  });

  it("tells of a restart, and of a start or an end where a route asks for it", () => {
    expect(told({ restartedAt: 5 }).said).toEqual(["slack:C1 7/restart", "slack:C1 7/root"]);
    expect(told({ news: ["start"] }).said).toEqual([]);
    expect(told({ news: ["finish"] }).said).toEqual(["slack:C1 7/root"]);
    const routing = { routes: [{ to: ["slack:C1"], announce: ["start", "finish"] as const }], owners: [] };
    expect(told({ routing, news: ["start"] }).said).toEqual(["slack:C1 7/start"]);
  });
});

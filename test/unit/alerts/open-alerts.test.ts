import { describe, expect, it } from "vitest";
import type { Episode } from "../../../src/alerts/episode.js";
import { inhibitor } from "../../../src/alerts/inhibit.js";
import { openAlerts } from "../../../src/alerts/is-alert.js";
import { dropEpisode } from "./compose-support.js";

const at = (step: number) => ({ step, wallTime: step, value: 9 });
const episode = (rule: string, changes: Partial<Episode> = {}): Episode =>
  dropEpisode({
    id: `${rule}${changes.tag ?? ""}`,
    rule,
    split: "train",
    tag: "loss",
    opened: at(5),
    ...changes,
  });
const rulesOf = (open: readonly Episode[]): readonly string[] => openAlerts(open).map(({ rule }) => rule);

describe("the open alerts of a run", () => {
  it("name a spike and a jump of one series at one step once", () => {
    expect(rulesOf([episode("spike"), episode("jump"), episode("consecutive_rise")])).toEqual([
      "jump",
      "consecutive_rise",
    ]);
  });

  it.each([
    ["at another step", { opened: at(6) }],
    ["of another split", { split: "validation" }],
    ["of another metric", { tag: "loss2" }],
  ])("name a spike %s beside the jump", (_where, changes) => {
    expect(rulesOf([episode("spike", changes), episode("jump")])).toEqual(["spike", "jump"]);
  });

  it("leave out what is still pending and what is a state of the run", () => {
    expect(rulesOf([episode("spike", { state: "pending" }), episode("finished"), episode("jump")])).toEqual([
      "jump",
    ]);
  });
});

describe("a jump", () => {
  const spike = episode("spike");
  it.each(["warning", "critical"] as const)("keeps its spike quiet while it is %s", (severity) => {
    const jump = episode("jump", { severity });
    expect(inhibitor({ ...spike, severity }, [spike, jump])).toBe(jump);
  });

  it("that became a divergence keeps what a divergence does quiet too", () => {
    const jump = episode("jump", { severity: "critical" });
    expect(inhibitor(episode("consecutive_rise"), [jump])).toBe(jump);
    expect(inhibitor(episode("consecutive_rise"), [{ ...jump, severity: "warning" }])).toBeUndefined();
  });
});

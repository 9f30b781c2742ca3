import { describe, expect, it } from "vitest";
import {
  type Budget,
  isWorthIt,
  quotaMonth,
  tierOf,
  warningAt,
} from "../../../../src/chat/dingtalk/budget.js";

describe("the month's budget", () => {
  it.each([
    [0, "normal"],
    [0.59, "normal"],
    [0.6, "saving"],
    [0.84, "saving"],
    [0.85, "scarce"],
    [0.95, "last"],
    [1.2, "last"],
  ] as const)("at %d of it is %s", (share, tier) => {
    expect(tierOf(share * 1_000, 1_000)).toBe(tier);
  });

  it("without a limit is never short", () => {
    const without: Budget = { api: 0, webhookStream: 0 };
    expect(tierOf(1e9, 0)).toBe("normal");
    expect(isWorthIt({ what: "picture", critical: false }, { api: 1e9, webhookStream: 1e9 }, without)).toBe(
      true,
    );
    expect(warningAt(1e9, 0)).toBeUndefined();
  });

  it.each([
    ["2026-03-31T15:59:59Z", "2026-03"],
    ["2026-03-31T16:00:00Z", "2026-04"],
    ["2026-12-31T16:00:00Z", "2027-01"],
  ])("turns the month in China: %s is in %s", (time, month) => {
    expect(quotaMonth(Date.parse(time))).toBe(month);
  });

  it("warns at 80 and at 95 percent", () => {
    expect([3_999, 4_000, 4_749, 4_750].map((spent) => warningAt(spent, 5_000))).toEqual([
      undefined,
      80,
      80,
      95,
    ]);
  });

  it("saves pictures and card updates before alarms, and keeps 100 calls for critical ones", () => {
    const budget: Budget = { api: 1_000, webhookStream: 1_000 };
    const allowed = (api: number, critical: boolean): readonly string[] =>
      (["text", "picture", "card-update", "owner-note"] as const).filter((what) =>
        isWorthIt({ what, critical }, { api, webhookStream: 0 }, budget),
      );
    expect([599, 849, 949, 950].map((api) => allowed(api, false))).toEqual([
      ["text", "picture", "card-update", "owner-note"],
      ["text", "picture"],
      [],
      [],
    ]);
    expect([599, 849, 899, 949, 1_200].map((api) => allowed(api, true))).toEqual([
      ["text", "picture", "card-update", "owner-note"],
      ["text", "picture", "card-update", "owner-note"],
      ["text", "picture", "owner-note"],
      ["text", "owner-note"],
      ["text"],
    ]);
  });

  it("lets answers take the other way, and the custom robot say only what is critical, once its messages run out", () => {
    const budget: Budget = { api: 0, webhookStream: 1_000 };
    const may = (what: "robot" | "session", critical: boolean, webhookStream: number): boolean =>
      isWorthIt({ what, critical }, { api: 0, webhookStream }, budget);
    expect([may("robot", false, 949), may("robot", false, 950), may("robot", true, 2_000)]).toEqual([
      true,
      false,
      true,
    ]);
    expect([may("session", false, 949), may("session", false, 950)]).toEqual([true, false]);
  });
});

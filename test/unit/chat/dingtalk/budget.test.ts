import { describe, expect, it } from "vitest";
import {
  type Budget,
  freeBudget,
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

  it.each([
    ["a busy team", { alertsADay: 25, progressADay: 60, chartsADay: 10, criticalShare: 5 }],
    ["three times a busy team", { alertsADay: 75, progressADay: 180, chartsADay: 30, criticalShare: 15 }],
  ])("a month of %s stays inside the free plan and says every critical alert", (_who, team) => {
    const month = simulate(team);
    expect(month.spent).toBeLessThanOrEqual(freeBudget.api);
    expect(month.critical.said).toBe(month.critical.asked);
    expect(month.critical.asked).toBeGreaterThan(100);
  });

  it("a busy team loses no alert and no critical alert's picture", () => {
    const month = simulate({ alertsADay: 25, progressADay: 60, chartsADay: 10, criticalShare: 5 });
    expect(month.other.said).toBe(month.other.asked);
    expect(month.critical.pictures).toBe(month.critical.asked);
  });
});

interface Team {
  readonly alertsADay: number;
  /** Changes of state that a card would show. */
  readonly progressADay: number;
  readonly chartsADay: number;
  /** One alert in so many is critical. */
  readonly criticalShare: number;
}

/** Thirty-one days of calls as the platform makes them: root and alert with picture, good news, card updates, charts on demand. */
function simulate({ alertsADay, progressADay, chartsADay, criticalShare }: Team) {
  let spent = 0;
  const tally = { critical: { asked: 0, said: 0, pictures: 0 }, other: { asked: 0, said: 0, pictures: 0 } };
  const spend = (what: Parameters<typeof isWorthIt>[0]["what"], critical: boolean): boolean => {
    const worth = isWorthIt({ what, critical }, { api: spent, webhookStream: 0 }, freeBudget);
    if (worth) spent += 1;
    return worth;
  };
  for (let day = 0; day < 31; day += 1) {
    for (let alert = 0; alert < alertsADay; alert += 1) {
      const critical = (day * alertsADay + alert) % criticalShare === 0;
      const side = critical ? tally.critical : tally.other;
      side.asked += 1;
      spend("text", critical);
      if (spend("picture", critical)) side.pictures += 1;
      if (spend("text", critical)) side.said += 1;
      spend("text", false);
    }
    for (let update = 0; update < progressADay; update += 1) spend("card-update", false);
    for (let chart = 0; chart < chartsADay; chart += 1) spend("picture", false);
  }
  return { spent, ...tally };
}

import type { Spent } from "./quota-store.js";

/** What may be spent in a month; 0 means without limit. */
export type Budget = Spent;

/** A free organisation's month, for all of its apps together. */
export const freeBudget: Budget = { api: 5_000, webhookStream: 3_000 };

/** normal below 60 %, saving below 85 %, scarce below 95 %, last above. */
export type Tier = "normal" | "saving" | "scarce" | "last";

export type Wish = {
  /** `robot` is a custom robot's message, `session` an answer by the question's own session: both count as webhook messages, the rest as calls. */
  readonly what: "text" | "picture" | "card-update" | "owner-note" | "robot" | "session";
  readonly critical: boolean;
};

/** Calls that only critical alerts may use. */
export const reservedCalls = 100;

/** Whether a wish is worth its calls now: pictures and card updates are saved before alarms, and critical text always goes. */
export function isWorthIt({ what, critical }: Wish, spent: Spent, budget: Budget): boolean {
  if (what === "robot") return critical || tierOf(spent.webhookStream, budget.webhookStream) !== "last";
  if (what === "session") return tierOf(spent.webhookStream, budget.webhookStream) !== "last";
  if (budget.api === 0) return true;
  const tier = tierOf(spent.api, budget.api);
  const reserve = budget.api - spent.api <= reservedCalls;
  switch (what) {
    case "text":
      return critical || (tier !== "last" && !reserve);
    case "picture":
      return !reserve && (critical ? tier !== "last" : tier === "normal" || tier === "saving");
    case "card-update":
      return !reserve && (tier === "normal" || (critical && tier === "saving"));
    case "owner-note":
      return critical ? tier !== "last" : !reserve && tier === "normal";
  }
}

/** Where a month stands. */
export function tierOf(spent: number, budget: number): Tier {
  if (budget === 0) return "normal";
  const share = spent / budget;
  if (share < 0.6) return "normal";
  if (share < 0.85) return "saving";
  return share < 0.95 ? "scarce" : "last";
}

/** The warning that is due at this share of a budget: once at 80 %, once at 95 %. */
export function warningAt(spent: number, budget: number): 80 | 95 | undefined {
  if (budget === 0) return undefined;
  const share = spent / budget;
  if (share >= 0.95) return 95;
  return share >= 0.8 ? 80 : undefined;
}

/** The calendar month in China, where the quota is counted: `2026-03`. Milliseconds since 1970. */
export function quotaMonth(now: number): string {
  return new Date(now + 8 * 3_600_000).toISOString().slice(0, 7);
}

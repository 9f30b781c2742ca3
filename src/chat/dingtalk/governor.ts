import type { Clock } from "../../lib/clock.js";
import { type Budget, isWorthIt, quotaMonth, type Tier, tierOf, warningAt, type Wish } from "./budget.js";
import type { QuotaKind, QuotaStore, Spent } from "./quota-store.js";

/** Keeps the month's quota: counts what is spent and says what is still worth it. A store that fails stops nothing. */
export interface Governor {
  spend(kind: QuotaKind, count?: number): void;
  allows(wish: Wish): Promise<boolean>;
  standing(): Promise<Standing>;
}

export interface Standing {
  readonly month: string;
  readonly spent: Spent;
  readonly budget: Budget;
  readonly tier: Readonly<Record<QuotaKind, Tier>>;
}

export interface GovernorParts {
  readonly store: QuotaStore;
  readonly budget: Budget;
  readonly clock: Clock;
  /** Once a month for each kind and share. */
  onWarning(kind: QuotaKind, percent: 80 | 95): void;
  onStoreFailure(reason: string): void;
}

export function createGovernor(parts: GovernorParts): Governor {
  const { store, budget, clock } = parts;
  const failed = (error: unknown): void =>
    parts.onStoreFailure(error instanceof Error ? error.message : "unknown");
  const spentNow = async (): Promise<Spent> => {
    try {
      return await store.read(quotaMonth(clock.now()));
    } catch (error) {
      failed(error);
      return { api: 0, webhookStream: 0 };
    }
  };
  const count = async (kind: QuotaKind, times: number): Promise<void> => {
    const month = quotaMonth(clock.now());
    await store.add(month, kind, times);
    const percent = warningAt((await store.read(month))[kind], budget[kind]);
    if (percent !== undefined && (await store.once(month, `${kind}-${percent}`)))
      parts.onWarning(kind, percent);
  };
  return {
    spend: (kind, times = 1) => void count(kind, times).catch(failed),
    allows: async (wish) => isWorthIt(wish, await spentNow(), budget),
    async standing() {
      const spent = await spentNow();
      const tier = {
        api: tierOf(spent.api, budget.api),
        webhookStream: tierOf(spent.webhookStream, budget.webhookStream),
      };
      return { month: quotaMonth(clock.now()), spent, budget, tier };
    },
  };
}

import type { Clock } from "../../lib/clock.js";
import { type Budget, isWorthIt, quotaMonth, type Tier, tierOf, warningAt, type Wish } from "./budget.js";
import type { QuotaKind, QuotaStore, Spent } from "./quota-store.js";

/** Keeps the month's quota: counts what is spent and says what is still worth it. A store that fails stops nothing. */
export interface Governor {
  /** Counted from this moment on; resolves once it is stored. Awaited before the call it is for, so that a crash counts too much rather than too little; what arrives by itself (a Stream frame) is counted beside its acknowledgement. */
  spend(kind: QuotaKind): Promise<void>;
  /** What turned out to cost nothing. */
  giveBack(kind: QuotaKind): Promise<void>;
  /** By everything spent before it was asked, whatever is stored of it by then. */
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
  const unstored = createUnstored();
  const inTurn = createTurns();
  let known = { month: "", spent: nothing };
  const failed = (error: unknown): void =>
    parts.onStoreFailure(error instanceof Error ? error.message : "unknown");
  const spentIn = async (month: string): Promise<Spent> => {
    try {
      known = { month, spent: await store.read(month) };
    } catch (error) {
      failed(error);
    }
    return plus(known.month === month ? known.spent : nothing, unstored.of(month));
  };
  const warn = async (month: string, kind: QuotaKind): Promise<void> => {
    const percent = warningAt((await spentIn(month))[kind], budget[kind]);
    if (percent !== undefined && (await store.once(month, `${kind}-${percent}`)))
      parts.onWarning(kind, percent);
  };
  const count = (kind: QuotaKind, times: 1 | -1): Promise<void> => {
    const month = quotaMonth(clock.now());
    unstored.add(month, kind, times);
    return inTurn(async () => {
      try {
        await unstored.move(month, kind, (owed) => store.add(month, kind, owed));
        // No call waits for a warning.
        if (times > 0) void warn(month, kind).catch(failed);
      } catch (error) {
        failed(error);
      }
    });
  };
  const spentNow = (): Promise<Spent> => inTurn(() => spentIn(quotaMonth(clock.now())));
  return {
    spend: (kind) => count(kind, 1),
    giveBack: (kind) => count(kind, -1),
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

const nothing: Spent = { api: 0, webhookStream: 0 };

function plus(a: Spent, b: Spent): Spent {
  return { api: a.api + b.api, webhookStream: a.webhookStream + b.webhookStream };
}

/** One after another, in the order they were asked for, whatever becomes of those before. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}

/** What was counted and the store does not hold yet, by month. */
function createUnstored() {
  const owed = new Map<string, Spent>();
  const of = (month: string): Spent => owed.get(month) ?? nothing;
  const add = (month: string, kind: QuotaKind, count: number): void => {
    const after = { ...of(month), [kind]: of(month)[kind] + count };
    if (after.api === 0 && after.webhookStream === 0) owed.delete(month);
    else owed.set(month, after);
  };
  return {
    of,
    add,
    /** What could not be stored is owed still. */
    async move(month: string, kind: QuotaKind, store: (owed: number) => Promise<void>): Promise<void> {
      const count = of(month)[kind];
      if (count === 0) return;
      await store(count);
      add(month, kind, -count);
    },
  };
}

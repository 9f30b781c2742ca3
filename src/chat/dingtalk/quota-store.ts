export type QuotaKind = "api" | "webhookStream";

/** What an organisation's free quota was used for in one month. */
export type Spent = Readonly<Record<QuotaKind, number>>;

/** Counters per calendar month, shared by all processes of this instance. */
export interface QuotaStore {
  /** Adds to a month's counter. */
  add(month: string, kind: QuotaKind, count: number): Promise<void>;
  read(month: string): Promise<Spent>;
  /** True for the first who asks for this mark in this month. */
  once(month: string, mark: string): Promise<boolean>;
}

/** Counters in memory alone: they start anew with the process. */
export function createMemoryQuotaStore(): QuotaStore {
  const counters = new Map<string, number>();
  const marks = new Set<string>();
  const at = (month: string, kind: QuotaKind): number => counters.get(`${month} ${kind}`) ?? 0;
  return {
    add(month, kind, count) {
      counters.set(`${month} ${kind}`, at(month, kind) + count);
      return Promise.resolve();
    },
    read: (month) => Promise.resolve({ api: at(month, "api"), webhookStream: at(month, "webhookStream") }),
    once(month, mark) {
      const first = !marks.has(`${month} ${mark}`);
      marks.add(`${month} ${mark}`);
      return Promise.resolve(first);
    },
  };
}

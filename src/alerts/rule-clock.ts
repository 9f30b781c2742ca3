import { TimeLimitReached, withinTimeLimit } from "../lib/time-limit.js";
import type { Rule } from "../rules/rule.js";

/** A rule that costs more than its points are worth, or does not return; the message is for the operator. */
export class RuleTooSlow extends Error {}

/** A rule did not return and was stopped: the judge it was asked by is in no known state, and is to be thrown away. */
export class RuleStopped extends Error {
  readonly asked: Asked;

  constructor(asked: Asked, cause: unknown) {
    super(`${asked.rule} did not return`, { cause });
    this.asked = asked;
  }
}

/** What is being asked of whom. */
export interface Asked {
  readonly rule: string;
  readonly split: string;
  readonly tag: string;
}

export interface RuleClockOptions {
  /** Monotonic, in milliseconds. */
  readonly now?: () => number;
  /** After how long somebody's code is stopped. */
  readonly stopMs?: number;
}

/** Milliseconds that one call may take on the average, and by how much a rule may be beyond that in all. */
const fairMs = 0.1;
const mostDebtMs = 1_000;
/** A machine may pause in the middle of a call: one call alone never uses up a budget. */
const mostOfOneMs = 250;
/** Once caught a rule has little credit left, so that it costs the next run little. */
const creditAfter = 0.5;
const stopAfterMs = 5_000;
/** The process may have been stopped in the middle of a call, so once is no proof. */
const stopsBorne = 1;

/**
 * What rules may cost, over all runs of a process: time is counted against an allowance a call, and a rule that is a second
 * beyond it is too slow.
 */
export class RuleClock {
  readonly #now: () => number;
  readonly #stopMs: number;
  readonly #debts = new Map<string, number>();
  readonly #stops = new Map<string, number>();
  #asked: Asked | undefined;
  #isLimited = false;

  constructor({ now = () => performance.now(), stopMs = stopAfterMs }: RuleClockOptions = {}) {
    this.#now = now;
    this.#stopMs = stopMs;
  }

  /** Asks a rule; `calls` is how many like it this one stands for. Throws what the rule throws, or RuleTooSlow. */
  time<T>(asked: Asked, ask: () => T, calls = 1): T {
    const { rule } = asked;
    if ((this.#stops.get(rule) ?? 0) > stopsBorne)
      throw new RuleTooSlow(`it did not return within ${this.#stopMs / 1_000} s, twice`);
    const before = this.#now();
    const answer = this.#note(asked, ask);
    const tookMs = Math.min(mostOfOneMs, (this.#now() - before) * calls);
    const debt = Math.max(0, (this.#debts.get(rule) ?? 0) + tookMs - fairMs * calls);
    if (debt <= mostDebtMs) {
      this.#debts.set(rule, debt);
      return answer;
    }
    this.#debts.set(rule, mostDebtMs * creditAfter);
    throw new RuleTooSlow(`it took more than ${mostDebtMs} ms beyond ${fairMs} ms a call`);
  }

  /** Lets judges work. Where somebody's code is among their rules and does not return, they are stopped: throws RuleStopped. */
  limited<T>(rules: readonly Pick<Rule, "code">[] | undefined, work: () => T): T {
    if (this.#isLimited || rules?.some(({ code }) => code !== undefined) !== true) return work();
    this.#isLimited = true;
    this.#asked = undefined;
    try {
      return withinTimeLimit(this.#stopMs, work);
    } catch (error) {
      const asked = this.#stoppedAt();
      if (!(error instanceof TimeLimitReached) || asked === undefined) throw error;
      this.#stops.set(asked.rule, (this.#stops.get(asked.rule) ?? 0) + 1);
      throw new RuleStopped(asked, error);
    } finally {
      this.#isLimited = false;
    }
  }

  #stoppedAt(): Asked | undefined {
    return this.#asked;
  }

  /** Where the work is stopped nothing here goes on, and what was being asked stays noted. */
  #note<T>(asked: Asked, ask: () => T): T {
    this.#asked = asked;
    try {
      return ask();
    } finally {
      this.#asked = undefined;
    }
  }
}

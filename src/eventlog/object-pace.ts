import { setTimeout } from "node:timers/promises";

/** Requests cost money and buckets have limits: so many a minute to one bucket, and after a fault none for a while. */
export class ObjectPace {
  readonly perMinute: number;
  readonly #elapsed: () => number;
  readonly #wait: (ms: number) => Promise<unknown>;
  #tokens: number;
  #filledAt: number;
  #fault: { readonly error: Error; readonly until: number; readonly count: number } | undefined;
  #isTrying = false;

  constructor({ perMinute = 1_200, elapsed = () => performance.now(), wait = setTimeout }: PaceOptions = {}) {
    this.perMinute = perMinute;
    this.#elapsed = elapsed;
    this.#wait = wait;
    this.#tokens = perMinute;
    this.#filledAt = elapsed();
  }

  /** Asks when its turn has come. While a fault is fresh it is thrown again instead; then one request at a time tries whether it is over. */
  async ask<T>(request: () => Promise<T>): Promise<T> {
    const fault = this.#fault;
    if (fault === undefined) return this.#ask(request);
    if (this.#isTrying || this.#elapsed() < fault.until) throw fault.error;
    this.#isTrying = true;
    try {
      return await this.#ask(request);
    } finally {
      this.#isTrying = false;
    }
  }

  async #ask<T>(request: () => Promise<T>): Promise<T> {
    const count = (this.#fault?.count ?? 0) + 1;
    const debt = this.#spend();
    if (debt > 0) await this.#wait(debt);
    try {
      const answer = await request();
      this.#fault = undefined;
      return answer;
    } catch (error) {
      if (error instanceof Error) this.#fault = { error, count, until: this.#elapsed() + standsMs(count) };
      throw error;
    }
  }

  /** Takes a token, on credit where there is none; returns the milliseconds until the credit is paid back. */
  #spend(): number {
    const now = this.#elapsed();
    const perMs = this.perMinute / 60_000;
    this.#tokens = Math.min(this.perMinute, this.#tokens + (now - this.#filledAt) * perMs) - 1;
    this.#filledAt = now;
    return this.#tokens >= 0 ? 0 : -this.#tokens / perMs;
  }
}

export interface PaceOptions {
  readonly perMinute?: number;
  /** Milliseconds of a monotonic clock. */
  readonly elapsed?: () => number;
  readonly wait?: (ms: number) => Promise<unknown>;
}

/** So that one place that hangs does not hold up the reading of all others again and again: 5 s after the first fault, a minute in the end. */
function standsMs(count: number): number {
  return Math.min(60_000, 5_000 * 2 ** Math.min(count - 1, 10));
}

import { setTimeout } from "node:timers/promises";

/** Requests cost money and buckets have limits: so many a minute to one bucket, and after a fault none for a while. */
export class ObjectPace {
  readonly perMinute: number;
  readonly #elapsed: () => number;
  readonly #wait: (ms: number) => Promise<unknown>;
  #tokens: number;
  #filledAt: number;
  #fault: { readonly error: Error; readonly until: number } | undefined;

  constructor({ perMinute = 1_200, elapsed = () => performance.now(), wait = setTimeout }: PaceOptions = {}) {
    this.perMinute = perMinute;
    this.#elapsed = elapsed;
    this.#wait = wait;
    this.#tokens = perMinute;
    this.#filledAt = elapsed();
  }

  /** Asks when its turn has come; while a fault is fresh, it is thrown again instead of asking. */
  async ask<T>(request: () => Promise<T>): Promise<T> {
    if (this.#fault !== undefined && this.#elapsed() < this.#fault.until) throw this.#fault.error;
    const debt = this.#spend();
    if (debt > 0) await this.#wait(debt);
    try {
      const answer = await request();
      this.#fault = undefined;
      return answer;
    } catch (error) {
      if (error instanceof Error) this.#fault = { error, until: this.#elapsed() + faultStandsMs };
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

/** So that one place that hangs does not hold up the reading of all others again and again. */
const faultStandsMs = 5_000;

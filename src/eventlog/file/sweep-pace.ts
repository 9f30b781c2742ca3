/** A sweep that takes more than this share of its interval means a slow share: the interval is stretched. */
const slowShare = 0.2;
/** A timer may come this much early; a sweep put off to the next one would be late by all of that. Milliseconds. */
const earlyMs = 700;
/** A share that was slow is held to be so for this long: one hiccup of a disk is over by then. Milliseconds. */
const slowForMs = 600_000;

/** When one kind of sweep is due: at its interval, or as much later as keeps it below a fifth of the time. */
export class SweepPace {
  /** When it began last, and how long it took. Milliseconds. */
  at = -Infinity;
  lastTook = 0;
  readonly #intervalMs: number;
  readonly #doing: string;
  readonly #done: string;
  #slowUntil = -Infinity;
  #problem: string | undefined;
  #isTold = false;

  /** `doing` and `done` are words for the operator: "looking at all files", "they are looked at". */
  constructor(intervalMs: number, doing: string, done: string) {
    this.#intervalMs = intervalMs;
    this.#doing = doing;
    this.#done = done;
  }

  isDue(now: number): boolean {
    const wait = this.#stretchedMs;
    return now - this.at >= wait - Math.min(earlyMs, wait / 10);
  }

  isSlow(now: number): boolean {
    return now < this.#slowUntil;
  }

  /** It began at `now` and took this long. */
  took(now: number, tookMs: number): void {
    this.at = now;
    this.lastTook = tookMs;
    if (tookMs <= this.#intervalMs * slowShare) {
      if (!this.isSlow(now)) this.#isTold = false;
      return;
    }
    this.#slowUntil = now + slowForMs;
    if (!this.#isTold) {
      this.#problem = `${this.#doing} took ${Math.round(tookMs)} ms: the share is slow, so ${this.#done} every ${Math.round(this.#stretchedMs / 1_000)} s`;
    }
    this.#isTold = true;
  }

  /** A sentence for the operator, once in a while that the share is slow. */
  takeProblem(): string | undefined {
    const problem = this.#problem;
    this.#problem = undefined;
    return problem;
  }

  get #stretchedMs(): number {
    return Math.max(this.#intervalMs, this.lastTook / slowShare);
  }
}

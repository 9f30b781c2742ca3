import { setImmediate } from "node:timers/promises";
import { within } from "../lib/within.js";

export interface TurnsOptions {
  /** Monotonic, in milliseconds. */
  readonly now?: () => number;
  /** Milliseconds of work on the event loop before others get their turn. */
  readonly turnMs?: number;
  /** How long work steps back for what goes first, at most and at a time (ms). */
  readonly stepsBackMs?: number;
}

/**
 * Lets pieces of work onto the event loop one by one: whatever else waits there comes between any two. What goes first,
 * an answer to a command above all, holds the rest back, for half of the time at most: nobody who asks without end keeps
 * files from being read.
 */
export class Turns {
  readonly #now: () => number;
  readonly #turnMs: number;
  readonly #stepsBackMs: number;
  #last: Promise<unknown> = Promise.resolve();
  #began = -Infinity;
  #first = 0;
  #over: { readonly all: Promise<void>; readonly resolve: () => void } | undefined;
  /** Work that stepped back goes on until then as if nothing went first. */
  #goesOnUntil = -Infinity;

  constructor({ now = () => performance.now(), turnMs = 4, stepsBackMs = 100 }: TurnsOptions = {}) {
    this.#now = now;
    this.#turnMs = turnMs;
    this.#stepsBackMs = stepsBackMs;
  }

  /** Resolves when it is the caller's turn, which lasts until its next `await`. */
  next(): Promise<unknown> {
    this.#last = this.#last.then(() => this.#begin());
    return this.#last;
  }

  /** Whether the turn has lasted long enough: asked between two pieces of work. */
  get isOver(): boolean {
    return this.#now() - this.#began >= this.#turnMs;
  }

  /** Does something before the work that takes turns. */
  async first<T>(work: () => Promise<T>): Promise<T> {
    this.#first += 1;
    this.#over ??= openEnd();
    try {
      return await work();
    } finally {
      this.#first -= 1;
      if (this.#first === 0) {
        this.#over.resolve();
        this.#over = undefined;
      }
    }
  }

  async #begin(): Promise<void> {
    await setImmediate();
    const from = this.#now();
    if (this.#over !== undefined && from >= this.#goesOnUntil) {
      await within(this.#over.all, this.#stepsBackMs);
      const now = this.#now();
      this.#goesOnUntil = now + (now - from);
    }
    this.#began = this.#now();
  }
}

function openEnd(): { readonly all: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const all = new Promise<void>((done) => (resolve = done));
  return { all, resolve };
}

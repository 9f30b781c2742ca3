import { setImmediate } from "node:timers/promises";

/** Lets pieces of work onto the event loop one by one: whatever else waits there (a command above all) comes between any two. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves when it is the caller's turn, which lasts until its next `await`. */
  next(): Promise<unknown> {
    this.#last = this.#last.then(() => setImmediate());
    return this.#last;
  }
}

import type { MessageRef } from "../../message/post.js";

export interface Thread {
  /** Counted from 1 in this process: what people type as `#3`. */
  readonly number: number;
  readonly root: MessageRef;
  /** The root's headline as last printed; empty for a root that an earlier process printed. */
  title: string;
  /** The root's words without its numbers: what decides whether an edit is worth a line. */
  words: string;
}

const mostThreads = 2_000;

/** The conversations this terminal has seen, by the id of their root; the oldest are forgotten. */
export class Threads {
  readonly #byRoot = new Map<string, Thread>();
  readonly #byNumber = new Map<number, Thread>();
  #last = 0;

  opened(root: MessageRef): Thread {
    const known = this.#byRoot.get(root.id);
    if (known !== undefined) return known;
    this.#last += 1;
    const thread: Thread = { number: this.#last, root, title: "", words: "" };
    this.#byRoot.set(root.id, thread);
    this.#byNumber.set(thread.number, thread);
    const [oldest] = this.#byRoot.values();
    if (this.#byRoot.size > mostThreads && oldest !== undefined) {
      this.#byRoot.delete(oldest.root.id);
      this.#byNumber.delete(oldest.number);
    }
    return thread;
  }

  ofRoot(id: string): Thread | undefined {
    return this.#byRoot.get(id);
  }

  numbered(number: number): Thread | undefined {
    return this.#byNumber.get(number);
  }
}

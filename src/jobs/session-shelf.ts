import { RuleClock } from "../alerts/rule-clock.js";
import type { RunId } from "../series/run.js";
import type { RunSession } from "./run-session.js";

/** The sessions of the runs that grew last, bounded; a run not on it is read back from the store. */
export class SessionShelf {
  /** What rules may cost, in all runs of the process. */
  readonly rules: RuleClock;
  /** Rules that were set aside somewhere, and of which an operator was told. */
  readonly rulesTold = new Set<string>();
  readonly #atMost: number;
  readonly #sessions = new Map<RunId, { readonly session: RunSession; readonly settings: number }>();

  constructor(atMost = 500, rules = new RuleClock()) {
    this.rules = rules;
    this.#atMost = atMost;
  }

  /**
   * Takes a run's session off the shelf, with the version of the settings it was last judged with. It is put back only when
   * all of it is stored: should two look at one run at once, the second starts from the store and the commit tells them apart.
   */
  take(id: RunId): { readonly session: RunSession; readonly settings: number } | undefined {
    const kept = this.#sessions.get(id);
    this.#sessions.delete(id);
    return kept;
  }

  put(session: RunSession, settings: number): void {
    this.#sessions.delete(session.id);
    this.#sessions.set(session.id, { session, settings });
    for (const id of this.#sessions.keys()) {
      if (this.#sessions.size <= this.#atMost) break;
      this.#sessions.delete(id);
    }
  }

  drop(id: RunId): void {
    this.#sessions.delete(id);
  }

  clear(): void {
    this.#sessions.clear();
  }
}

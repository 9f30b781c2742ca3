import type { RunId } from "../series/run.js";
import type { RunSession } from "./run-session.js";

/** The sessions of the runs that grew last, bounded; a run not on it is read back from the store. */
export class SessionShelf {
  readonly #atMost: number;
  readonly #sessions = new Map<RunId, { readonly session: RunSession; readonly settings: number }>();

  constructor(atMost = 500) {
    this.#atMost = atMost;
  }

  get(id: RunId): RunSession | undefined {
    return this.#sessions.get(id)?.session;
  }

  /** The version of the settings the session was last judged with. */
  settingsOf(id: RunId): number | undefined {
    return this.#sessions.get(id)?.settings;
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
}

import type { Log } from "./log.js";

/** Logs a sentence the first time it is true and again only after it was untrue in between or its reason changed. */
export interface SaidOnce {
  bad(subject: string, reason: string): void;
  good(subject: string): void;
}

/** Events are `<name>_degraded` and `<name>_recovered`. Subjects come from our own closed list, so the memory is bounded. */
export function createSaidOnce(log: Log, name: string): SaidOnce {
  const said = new Map<string, string>();
  return {
    bad(subject, reason) {
      if (said.get(subject) === reason) return;
      said.set(subject, reason);
      log.warn({ subject, reason }, `${name}_degraded`);
    },
    good(subject) {
      if (said.delete(subject)) log.info({ subject }, `${name}_recovered`);
    },
  };
}

import type { OutboxEntry } from "../alerts/outbox-entry.js";
import { destinationsOf, type Routing } from "../alerts/route.js";
import { sayRuleFailure } from "../alerts/rule-failure.js";
import type { Log } from "../lib/log.js";
import type { RunSession } from "./run-session.js";

/** Rules that were set aside in a run, and what an operator is told of it. */
export interface RuleFailuresTold {
  readonly entries: readonly OutboxEntry[];
  /** To be called once the entries are stored. */
  readonly stored: () => void;
}

/**
 * An operator is told once of each rule, with the first run and tag that it failed at; the log has every run. `told` are the
 * rules of which this process has told. `now` in milliseconds.
 */
export function tellRuleFailures(
  session: RunSession,
  about: {
    readonly routing: Routing;
    readonly told: Set<string>;
    readonly log: Log;
    readonly now: number;
  },
): RuleFailuresTold {
  const { routing, told, log, now } = about;
  const failures = session.ruleFailures;
  if (failures.length === 0) return { entries: [], stored: () => undefined };
  const entries = failures
    .filter(({ rule }) => !told.has(rule))
    .flatMap((failure) => {
      const { rule } = failure;
      const detail = `${rule}: ${sayRuleFailure(session.run.name, failure)}`;
      const body = { kind: "operator" as const, subject: "rule-failed", detail };
      return destinationsOf(routing, session.run).map((destination) => {
        const id = `${session.id}/${session.revision + 1}/rule-failed/${rule}/${destination}`;
        return { id, destination, at: now, body };
      });
    });
  const stored = (): void => {
    for (const failure of failures) {
      told.add(failure.rule);
      log.error({ run: session.run.name, ...failure }, "rule_failed");
    }
    session.ruleFailures = session.ruleFailures.slice(failures.length);
  };
  return { entries, stored };
}

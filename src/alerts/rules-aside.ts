import type { Rule } from "../rules/rule.js";
import { RuleTooSlow } from "./rule-clock.js";
import type { RuleFailure } from "./rule-failure.js";
import type { RunMemory } from "./run-memory.js";
import { nameOfCode } from "./slot-memory.js";

/** Rules of a run whose failure is remembered as reported. */
const mostReported = 100;

/** Which rules a run goes on without, and of which a failure was reported; outlives a restart. */
export class RulesAside {
  /** Rules that were too slow, by `nameOfCode`. */
  readonly slow = new Set<string>();
  #reported: ReadonlySet<string> = new Set<string>();

  recall({ failed, slow }: Pick<RunMemory, "failed" | "slow">): void {
    for (const name of slow) this.slow.add(name);
    this.#reported = new Set([...failed, ...this.#reported]);
  }

  /** Whether the failure is to be reported. */
  take(failure: RuleFailure, rules: readonly Rule[]): boolean {
    const rule = rules.find(({ id }) => id === failure.rule);
    const name = rule === undefined ? failure.rule : nameOfCode(rule);
    if (failure.error instanceof RuleTooSlow) this.slow.add(name);
    if (this.#reported.has(name)) return false;
    this.#reported = new Set([...this.#reported, name].slice(-mostReported));
    return true;
  }

  remember(): Pick<RunMemory, "failed" | "slow"> {
    return { failed: [...this.#reported], slow: [...this.slow] };
  }
}

/** A rule that threw or was too slow (RuleTooSlow): it is set aside for the series or the run, the others go on. */
export interface RuleFailure {
  readonly rule: string;
  readonly split: string;
  readonly tag: string;
  readonly error: unknown;
}

/** `run42 · val · loss: TypeError: …`: where a rule failed and why. Untrusted. */
export function sayRuleFailure(run: string, { split, tag, error }: RuleFailure): string {
  return `${[run, split, tag].filter((part) => part !== "").join(" · ")}: ${String(error)}`;
}

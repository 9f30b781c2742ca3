import type { Severity } from "../rules/rule.js";

/** One thing that a gate holds against a run, in words for a person; names in it are untrusted. */
export interface GateFinding {
  /** An alert's rule, or which demand was not met: stable, for programs. */
  readonly rule: string;
  readonly severity: Exclude<Severity, "info">;
  /** Whether it closes the gate; what does not is only told. */
  readonly fails: boolean;
  readonly run: string;
  readonly split: string;
  readonly tag: string;
  readonly what: string;
  readonly wanted: string;
  readonly found: string;
  readonly step?: number;
}

/** One question that the gate asked of a run; without findings it passed. */
export interface GateCheck {
  readonly name: string;
  readonly findings: readonly GateFinding[];
}

/** All that the gate asked of one run; the empty name stands for the gate as a whole. */
export interface GateRunReport {
  readonly run: string;
  readonly points: number;
  readonly checks: readonly GateCheck[];
}

/** The demands that are no alert, as `rule` of their findings. */
export const gateDemands = {
  missing_metric: "A metric that the gate asks for is there.",
  limit: "A metric's final or best value keeps the limits that the gate sets.",
  deadline: "A limit is reached within the steps or minutes that the gate allows.",
  regression_vs_baseline: "A metric is not worse than the baseline beyond its tolerance.",
  missing_run: "There is a run that the gate's patterns mean.",
  timed_out: "The runs end within the time that the gate waits.",
} as const satisfies Readonly<Record<string, string>>;

export function findingsOf(runs: readonly GateRunReport[]): readonly GateFinding[] {
  return runs.flatMap(({ checks }) => checks.flatMap(({ findings }) => findings));
}

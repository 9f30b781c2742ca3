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

/** The demands that are no alert, as `rule` of their findings: what they ask, and what to do where they are not met. */
export const gateDemands = {
  missing_metric: {
    summary: "A metric that the gate asks for is there.",
    next: "`tensorbell inspect` lists what the runs log: log the metric, or mend its name under `check`.",
  },
  limit: {
    summary: "A metric's final or best value keeps the limits that the gate sets.",
    next: "Mend the training, or set another limit under `check.requirements`.",
  },
  deadline: {
    summary: "A limit is reached within the steps or minutes that the gate allows.",
    next: "Mend what slows the training, or allow more under `check.requirements`.",
  },
  regression_vs_baseline: {
    summary: "A metric is not worse than the baseline beyond its tolerance.",
    next: "Mend what made it worse; where the change is meant, save a new baseline with `tensorbell baseline save`.",
  },
  too_short: {
    summary: "A run is long enough to be held against the baseline.",
    next: "Let the run train as long as the baseline's did, or lower `check.baseline.minSteps`.",
  },
  missing_run: {
    summary: "There is a run that the gate's patterns mean.",
    next: "`tensorbell inspect` lists the runs: mend `runs` of the requirement.",
  },
  timed_out: {
    summary: "The runs end within the time that the gate waits.",
    next: "See whether the training still goes on, or wait longer with --timeout.",
  },
} as const satisfies Readonly<Record<string, { readonly summary: string; readonly next: string }>>;

/** What to do about findings of a rule. */
export function nextAfter(rule: string): string {
  return isDemand(rule) ? gateDemands[rule].next : afterAlert;
}

export function isDemand(rule: string): rule is keyof typeof gateDemands {
  return Object.hasOwn(gateDemands, rule);
}

const afterAlert =
  "`tensorbell replay --html report.html` draws the curve of each alert; a false one is mended under `rules`.";

export function findingsOf(runs: readonly GateRunReport[]): readonly GateFinding[] {
  return runs.flatMap(({ checks }) => checks.flatMap(({ findings }) => findings));
}

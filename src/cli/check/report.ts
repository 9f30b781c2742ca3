import { findingsOf, type GateFinding, type GateRunReport } from "../../alerts/gate-finding.js";
import { formatCount } from "../../message/format-number.js";

/** What a gate says in the end; every format is made from it. */
export interface GateReport {
  /** The log directory as the user named it. */
  readonly logdir: string;
  /** Milliseconds. */
  readonly at: number;
  readonly version: string;
  readonly runs: readonly GateRunReport[];
  /** Damaged places that were skipped. */
  readonly damaged: number;
}

export function failuresOf({ runs }: GateReport): readonly GateFinding[] {
  return findingsOf(runs).filter(({ fails }) => fails);
}

/** What closes the gate first, the worst of it first; otherwise in the order of the runs. Some readers show only the first few. */
export function worstFirst({ runs }: GateReport): readonly GateFinding[] {
  return [...findingsOf(runs)].sort((one, other) => weight(one) - weight(other));
}

function weight({ fails, severity }: GateFinding): number {
  return (fails ? 0 : 2) + (severity === "critical" ? 0 : 1);
}

/** A finding in one sentence: what, at which step, what was wanted and what was found. */
export function sentenceOf({ what, wanted, found, step }: GateFinding): string {
  const at = step === undefined ? "" : ` at step ${formatCount(step)}`;
  return `${what}${at}: wanted ${wanted}, found ${found}`;
}

/** A run's name where something must stand; what belongs to no run belongs to the gate. */
export function placeOf(run: string): string {
  if (run === "") return "gate";
  return run.trim() === "" ? `"${run}"` : run;
}

/** `failed: 2 findings in 3 runs, 9 checks`, in two parts. */
export function verdictOf(report: GateReport): { readonly passed: boolean; readonly counted: string } {
  const checks = report.runs.reduce((sum, run) => sum + run.checks.length, 0);
  const runs = report.runs.filter(({ run }) => run !== "").length;
  const failures = failuresOf(report).length;
  const asked = `${counted(runs, "run")}, ${counted(checks, "check")}`;
  const passed = failures === 0;
  return { passed, counted: passed ? asked : `${counted(failures, "finding")} in ${asked}` };
}

function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

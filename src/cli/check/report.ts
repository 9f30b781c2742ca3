import { findingsOf, type GateFinding, type GateRunReport } from "../../alerts/gate-finding.js";

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

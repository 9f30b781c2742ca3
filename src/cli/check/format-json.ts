import { findingsOf } from "../../alerts/gate-finding.js";
import { failuresOf, type GateReport } from "./report.js";

/** For programs: the verdict, every check of every run and all findings in one list. */
export function jsonReport(report: GateReport): string {
  const runs = report.runs.map(({ run, points, checks }) => ({
    run,
    points,
    checks: checks.map(({ name, findings }) => ({ name, passed: findings.every(({ fails }) => !fails) })),
  }));
  const passed = failuresOf(report).length === 0;
  const { damaged } = report;
  const document = { version: 1, passed, findings: findingsOf(report.runs), runs, damaged };
  return `${JSON.stringify(document, null, 2)}\n`;
}

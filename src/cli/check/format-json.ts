import { findingsOf, nextAfter } from "../../alerts/gate-finding.js";
import { jsonText } from "./escape.js";
import { type GateReport, verdictOf } from "./report.js";

/** For programs: the verdict, every check of every run and all findings in one list. */
export function jsonReport(report: GateReport): string {
  const runs = report.runs.map(({ run, points, checks }) => ({
    run,
    points,
    checks: checks.map(({ name, findings }) => ({ name, passed: findings.every(({ fails }) => !fails) })),
  }));
  const { passed } = verdictOf(report);
  const { damaged } = report;
  const findings = findingsOf(report.runs).map((finding) => ({ ...finding, next: nextAfter(finding.rule) }));
  return jsonText({ version: 1, passed, findings, runs, damaged });
}

import type { GateFinding } from "../../../src/alerts/gate-finding.js";
import type { GateReport } from "../../../src/cli/check/report.js";

/** A report of one run, that of the first finding, with a check for each finding. */
export function reportOf(
  findings: readonly GateFinding[],
  { logdir = "logs", check = "no alert" }: { readonly logdir?: string; readonly check?: string } = {},
): GateReport {
  const checks = findings.map((finding) => ({ name: check, findings: [finding] }));
  const run = { run: findings[0]?.run ?? "a", points: 1, checks };
  return { logdir, at: 0, version: "1.2.3", damaged: 0, runs: [run] };
}

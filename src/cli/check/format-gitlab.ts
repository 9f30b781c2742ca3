import { nextAfter } from "../../alerts/gate-finding.js";
import { printable } from "../print.js";
import { jsonText, pathParts } from "./escape.js";
import { fingerprintsOf } from "./fingerprints.js";
import { type GateReport, placeOf, sentenceOf, worstFirst } from "./report.js";

/** GitLab's code quality report; the place of a finding is its run's directory. */
export function gitlabReport(report: GateReport): string {
  const findings = worstFirst(report);
  const fingerprints = fingerprintsOf(findings);
  return jsonText(
    findings.map((finding, i) => ({
      description: printable(`${placeOf(finding.run)}: ${sentenceOf(finding)}. ${nextAfter(finding.rule)}`),
      check_name: printable(finding.rule),
      fingerprint: fingerprints[i],
      severity: finding.fails ? (finding.severity === "critical" ? "critical" : "major") : "minor",
      location: { path: pathParts(report.logdir, finding.run).join("/"), lines: { begin: 1 } },
    })),
  );
}

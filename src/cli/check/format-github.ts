import { nextAfter } from "../../alerts/gate-finding.js";
import { printable } from "../print.js";
import { commandData, commandProperty } from "./escape.js";
import { type GateReport, placeOf, sentenceOf, verdictOf, worstFirst } from "./report.js";

/** Workflow commands of GitHub Actions: an annotation per finding, the worst first, for GitHub shows ten of a kind. */
export function githubReport(report: GateReport): string {
  const lines = worstFirst(report).map((finding) => {
    const where = placeOf(finding.run);
    const title = commandProperty(`TensorBell ${finding.rule}: ${where}`);
    const said = `${printable(`${where}: ${sentenceOf(finding)}`)}\n${nextAfter(finding.rule)}`;
    return `::${finding.fails ? "error" : "warning"} title=${title}::${commandData(said)}`;
  });
  const { passed, counted } = verdictOf(report);
  const verdict = `::notice title=TensorBell::${commandData(`${passed ? "passed" : "failed"}: ${counted}`)}`;
  return `${[...lines, verdict].join("\n")}\n`;
}

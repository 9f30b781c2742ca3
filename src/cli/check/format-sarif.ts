import { gateDemands, isDemand, nextAfter } from "../../alerts/gate-finding.js";
import { isRuleId, ruleOf } from "../../rules/rule-registry.js";
import { jsonText, pathParts, sarifText } from "./escape.js";
import { fingerprintsOf } from "./fingerprints.js";
import { type GateReport, placeOf, sentenceOf, worstFirst } from "./report.js";

/** SARIF 2.1.0: a result per finding, its place the run's directory and, by name, the series. */
export function sarifReport(report: GateReport): string {
  const findings = worstFirst(report);
  const fingerprints = fingerprintsOf(findings);
  const ids = [...new Set(findings.map(({ rule }) => rule))];
  const results = findings.map((finding, i) => {
    const { rule, run, split, tag, severity, fails, wanted, found, step } = finding;
    const series = [run, split, tag].filter((part) => part !== "").join("/");
    const uri = pathParts(report.logdir, run).map(encodeURIComponent).join("/");
    return {
      ruleId: rule,
      ruleIndex: ids.indexOf(rule),
      level: fails && severity === "critical" ? "error" : fails ? "warning" : "note",
      message: { text: sarifText(`${placeOf(run)}: ${sentenceOf(finding)}`) },
      locations: [
        {
          physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } },
          ...(series !== "" && { logicalLocations: [{ name: tag || run, fullyQualifiedName: series }] }),
        },
      ],
      partialFingerprints: { "tensorbell/v1": fingerprints[i] },
      properties: { run, split, tag, wanted, found, ...(step !== undefined && { step }) },
    };
  });
  const rules = ids.map((id) => ({
    id,
    shortDescription: { text: sarifText(summaryOf(id)) },
    help: { text: sarifText(nextAfter(id)) },
  }));
  const driver = { name: "TensorBell", version: report.version, rules };
  return jsonText({
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver }, columnKind: "utf16CodeUnits", results }],
  });
}

function summaryOf(id: string): string {
  if (isDemand(id)) return gateDemands[id].summary;
  return isRuleId(id) ? ruleOf(id).summary.en : id;
}

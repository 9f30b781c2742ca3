import { findingsOf, type GateFinding } from "../../alerts/gate-finding.js";
import { formatCount } from "../../message/format-number.js";
import { printable } from "../print.js";
import { failuresOf, type GateReport } from "./report.js";

/** For people: a line per finding, the verdict last; colour where a terminal shows it. */
export function textReport(report: GateReport, isColoured = false): string {
  const paint = (code: number, text: string): string =>
    isColoured ? `\u001b[${code}m${text}\u001b[0m` : text;
  const lines = findingsOf(report.runs).map((finding) => {
    const [word, code] = finding.fails ? (["FAIL", 31] as const) : (["note", 33] as const);
    return `${paint(code, word)}  ${lineOf(finding)}`;
  });
  const checks = report.runs.reduce((sum, { checks }) => sum + checks.length, 0);
  const runs = report.runs.filter(({ run }) => run !== "").length;
  const failures = failuresOf(report).length;
  const counted = `${formatCount(runs)} ${runs === 1 ? "run" : "runs"}, ${formatCount(checks)} checks`;
  const found = failures === 1 ? "1 finding" : `${formatCount(failures)} findings`;
  lines.push(
    failures === 0 ? `${paint(32, "passed")}: ${counted}` : `${paint(31, "failed")}: ${found} in ${counted}`,
  );
  if (report.damaged > 0) {
    lines.push(
      `${formatCount(report.damaged)} damaged places were skipped; tensorbell scalars --json lists them`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function lineOf({ run, rule, what, wanted, found, step }: GateFinding): string {
  const where = run === "" ? "" : `${printable(run)}: `;
  const at = step === undefined ? "" : `, step ${formatCount(step)}`;
  return `${where}${printable(what)}${at}\n      wanted ${printable(wanted)}, found ${printable(found)} [${printable(rule)}]`;
}

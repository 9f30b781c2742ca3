import { findingsOf, type GateFinding, nextAfter } from "../../alerts/gate-finding.js";
import { formatCount } from "../../message/format-number.js";
import { printable } from "../print.js";
import { damageLines } from "../replay-report.js";
import { type GateReport, verdictOf } from "./report.js";

/** For people: a line per finding, what to do next, the verdict last; colour where a terminal shows it. */
export function textReport(report: GateReport, isColoured = false): string {
  const paint = (code: number, text: string): string =>
    isColoured ? `\u001b[${code}m${text}\u001b[0m` : text;
  const findings = findingsOf(report.runs);
  const lines = findings.map((finding) => {
    const [word, code] = finding.fails ? (["FAIL", 31] as const) : (["note", 33] as const);
    return `${paint(code, word)}  ${lineOf(finding)}`;
  });
  const advice = new Set(findings.filter(({ fails }) => fails).map(({ rule }) => nextAfter(rule)));
  lines.push(...[...advice].map((next) => `next  ${next}`));
  const { passed, counted } = verdictOf(report);
  lines.push(`${passed ? paint(32, "passed") : paint(31, "failed")}: ${counted}`);
  return `${[...lines, ...damageLines(report.damaged)].join("\n")}\n`;
}

function lineOf({ run, rule, what, wanted, found, step }: GateFinding): string {
  const where = run === "" ? "" : `${printable(run)}: `;
  const at = step === undefined ? "" : `, step ${formatCount(step)}`;
  return `${where}${printable(what)}${at}\n      wanted ${printable(wanted)}, found ${printable(found)} [${printable(rule)}]`;
}

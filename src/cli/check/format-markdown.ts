import { nextAfter } from "../../alerts/gate-finding.js";
import { formatCount } from "../../message/format-number.js";
import { markdownText } from "./escape.js";
import { type GateReport, placeOf, verdictOf, worstFirst } from "./report.js";

/** GitHub takes 1 MiB for a job's page, GitLab a million characters for a comment; nobody reads that much. */
const mostBytes = 400_000;

/** A summary for a merge request or a job's page. */
export function markdownReport(report: GateReport): string {
  const { passed, counted } = verdictOf(report);
  const findings = worstFirst(report);
  const lines = [`## TensorBell ${passed ? "passed" : "failed"}`, "", `${counted}.`];
  if (findings.length > 0) {
    const rows = boundedRows(findings.map(rowOf));
    lines.push(
      "",
      "| | Run | What | Wanted | Found | Step |",
      "| --- | --- | --- | --- | --- | ---: |",
      ...rows,
    );
    const left = findings.length - rows.length;
    if (left > 0) lines.push("", `${formatCount(left)} more are not shown.`);
    const advice = [...new Set(findings.map(({ rule }) => nextAfter(rule)))];
    lines.push("", ...advice.map((next) => `- ${next}`));
  }
  return `${lines.join("\n")}\n`;
}

function rowOf({ fails, run, what, wanted, found, step }: ReturnType<typeof worstFirst>[number]): string {
  const cells = [
    fails ? "**FAIL**" : "note",
    ...[placeOf(run), what, wanted, found].map(markdownText),
    step === undefined ? "" : formatCount(step),
  ];
  return `| ${cells.join(" | ")} |`;
}

function boundedRows(rows: readonly string[]): readonly string[] {
  let bytes = 0;
  const beyond = rows.findIndex((row) => (bytes += Buffer.byteLength(row)) > mostBytes);
  return beyond < 0 ? rows : rows.slice(0, beyond);
}

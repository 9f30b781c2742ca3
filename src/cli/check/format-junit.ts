import {
  type GateCheck,
  type GateFinding,
  type GateRunReport,
  nextAfter,
} from "../../alerts/gate-finding.js";
import { xmlText } from "./escape.js";
import { type GateReport, placeOf, sentenceOf } from "./report.js";

/** JUnit XML as Ant and Jenkins have it: a suite per run, a test case per check, what does not fail as output. */
export function junitReport(report: GateReport): string {
  const timestamp = new Date(report.at).toISOString().slice(0, 19);
  const suites = report.runs.map((run, id) => suiteOf(run, { id, timestamp }));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join("")}</testsuites>\n`;
}

function suiteOf(
  { run, checks }: GateRunReport,
  { id, timestamp }: { readonly id: number; readonly timestamp: string },
): string {
  const name = placeOf(run);
  const failures = checks.filter(({ findings }) => findings.some(isFailing)).length;
  const notes = checks.flatMap(({ findings }) => findings.filter((finding) => !isFailing(finding)));
  const attributes = {
    id: String(id),
    name,
    package: "tensorbell",
    timestamp,
    hostname: "localhost",
    tests: String(checks.length),
    failures: String(failures),
    errors: "0",
    time: "0",
  };
  return [
    `  <testsuite${attributesOf(attributes)}>\n    <properties/>\n`,
    ...checks.map((check) => caseOf(name, check)),
    `    <system-out>${notes.map(lineOf).join("")}</system-out>\n`,
    "    <system-err/>\n  </testsuite>\n",
  ].join("");
}

function caseOf(run: string, { name, findings }: GateCheck): string {
  const head = `    <testcase${attributesOf({ name, classname: run, time: "0" })}`;
  const failing = findings.filter(isFailing);
  const [first] = failing;
  if (first === undefined) return `${head}/>\n`;
  const message = failing.length === 1 ? first.what : `${first.what} and ${failing.length - 1} more`;
  const advice = [...new Set(failing.map(({ rule }) => nextAfter(rule)))];
  const text = [...failing.map(lineOf), ...advice.map((next) => `${xmlText(next)}\n`)].join("");
  return `${head}>\n      <failure${attributesOf({ message, type: first.rule })}>${text}</failure>\n    </testcase>\n`;
}

/** No line begins with a name: a log's reader could take it for a command. */
function lineOf(finding: GateFinding): string {
  return `- ${xmlText(sentenceOf(finding))}\n`;
}

function isFailing({ fails }: GateFinding): boolean {
  return fails;
}

function attributesOf(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${xmlText(value)}"`)
    .join("");
}

import { githubReport } from "./format-github.js";
import { gitlabReport } from "./format-gitlab.js";
import { jsonReport } from "./format-json.js";
import { junitReport } from "./format-junit.js";
import { markdownReport } from "./format-markdown.js";
import { sarifReport } from "./format-sarif.js";
import { textReport } from "./format-text.js";
import type { GateReport } from "./report.js";

/** The formats of a gate's report by name; adding one costs its file and a line here. */
export const gateFormats = {
  text: (report) => textReport(report),
  json: jsonReport,
  junit: junitReport,
  github: githubReport,
  gitlab: gitlabReport,
  markdown: markdownReport,
  sarif: sarifReport,
} as const satisfies Readonly<Record<string, (report: GateReport) => string>>;

export type GateFormat = keyof typeof gateFormats;

export function isGateFormat(name: string): name is GateFormat {
  return Object.hasOwn(gateFormats, name);
}

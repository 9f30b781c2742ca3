import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { GateFinding } from "../../../../src/alerts/gate-finding.js";
import { gateFormats } from "../../../../src/cli/check/formats.js";
import type { GateReport } from "../../../../src/cli/check/report.js";
import { plainSentence } from "../../../../src/message/plain-name.js";
import { readJunit } from "../../../support/gate/junit.js";
import { readGitlab, readSarif } from "../../../support/gate/json-reports.js";
import { readMarkdown } from "../../../support/gate/markdown.js";
import { reportOf } from "../../../support/gate/report.js";
import { readWorkflow } from "../../../support/gate/workflow-commands.js";

/** What has broken readers of reports, and what would command them. */
const poisons = [
  "::error::x",
  " ::set-output name=a::b",
  "##[add-mask]x",
  "a ##vso[task.complete]",
  "\n::stop-commands::t\n",
  "\r::error::",
  "]]>",
  "--><x/>",
  "<![CDATA[",
  '"/><evil a="',
  "&amp;&#0;",
  "\u0000\u0001\u001b[31m\u0085\u2028",
  "\ud800",
  "\udc00\ud800",
  "\ufffe\uffff",
  " ",
  "\t",
  "%0A%0D%25%3A",
  "a,title=b:c",
  "| a | b |\n| - | - |",
  "[x](javascript:alert(1))",
  "![](http://x)",
  "`code` **b** ~~s~~ <b>",
  "@all #1 !1 www.x.org https://x.org a@b.org",
  "{0} {{1}} [a](1)",
  "\\",
  "../../etc/passwd",
  "/abs",
  "C:\\logs",
  "NaN",
  "\u202eabc",
  "__proto__",
] as const;

const hostile = fc
  .array(fc.oneof(fc.constantFrom(...poisons), fc.string({ unit: "binary", maxLength: 8 })), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join(""));
const rule = fc.constantFrom("non_finite", "limit", "missing_run", "my_own_rule");
const stepOf = fc.option(fc.oneof(fc.integer(), fc.constantFrom(Number.NaN, Infinity, -0, 2 ** 53)), {
  nil: undefined,
});
const finding = fc
  .record({
    rule,
    severity: fc.constantFrom("warning" as const, "critical" as const),
    fails: fc.boolean(),
    run: hostile,
    split: hostile,
    tag: hostile,
    what: hostile,
    wanted: hostile,
    found: hostile,
    step: stepOf,
  })
  .map(({ step, ...rest }): GateFinding => (step === undefined ? rest : { ...rest, step }));
const hostileReport = fc
  .record({
    logdir: hostile,
    findings: fc.array(finding, { minLength: 1, maxLength: 4 }),
    check: hostile.map((name) => `${name} is there`),
  })
  .map(({ logdir, findings, check }) => reportOf(findings, { logdir, check }));

describe("names and words from logs", () => {
  const holds = (law: (report: GateReport, findings: readonly GateFinding[]) => void): void => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        law(
          report,
          report.runs.flatMap(({ checks }) => checks.flatMap(({ findings }) => findings)),
        );
      }),
      { numRuns: 300 },
    );
  };

  test("add no line to the text", () => {
    holds((report, findings) => {
      const lines = gateFormats.text(report).split("\n");
      const advice = lines.filter((line) => line.startsWith("next  ")).length;
      expect(lines.length).toBe(findings.length * 2 + advice + 2);
      expect(lines.join("")).not.toMatch(/\p{Cc}/u);
    });
  });

  test.each(["text", "json", "junit", "gitlab", "markdown", "sarif"] as const)(
    "are no command to a pipeline that reads its log, as %s",
    (format) => {
      holds((report) => {
        expect(readWorkflow(gateFormats[format](report)).commands).toEqual([]);
      });
    },
  );

  test("add no annotation for GitHub, and none of them ends early", () => {
    holds((report, findings) => {
      const { commands, plain } = readWorkflow(gateFormats.github(report));
      expect(plain).toEqual([]);
      expect(commands.length).toBe(findings.length + 1);
      expect(commands.at(-1)).toMatchObject({ name: "notice", properties: { title: "TensorBell" } });
      for (const { properties, message } of commands.slice(0, -1)) {
        expect(Object.keys(properties)).toEqual(["title"]);
        expect(message.split("\n").length).toBe(2);
      }
    });
  });

  test("leave JUnit XML valid, and add no element", () => {
    holds((report, findings) => {
      const { elements } = readJunit(gateFormats.junit(report));
      const failing = findings.filter(({ fails }) => fails).length;
      expect(elements).toMatchObject({ testsuites: 1, testsuite: 1, testcase: findings.length });
      expect(elements["failure"] ?? 0).toBe(failing);
      expect(Object.keys(elements).sort()).toEqual(
        ["failure", "properties", "system-err", "system-out", "testcase", "testsuite", "testsuites"].filter(
          (name) => name !== "failure" || failing > 0,
        ),
      );
    });
  });

  test("leave JSON valid, and come back as they were", () => {
    holds((report, findings) => {
      const read = JSON.parse(gateFormats.json(report)) as { findings: GateFinding[] };
      expect(read.findings.map(({ run, what }) => [run, what])).toEqual(
        findings.map(({ run, what }) => [run, what]),
      );
    });
  });

  test("leave GitLab's report valid", () => {
    holds((report, findings) => {
      expect(readGitlab(gateFormats.gitlab(report)).length).toBe(findings.length);
    });
  });

  test("leave SARIF valid, without links", () => {
    holds((report, findings) => {
      expect(readSarif(gateFormats.sarif(report)).runs[0]?.results.length).toBe(findings.length);
    });
  });

  test("are plain text in markdown, a row a finding", () => {
    holds((report, findings) => {
      const { blocks, rows } = readMarkdown(gateFormats.markdown(report));
      expect(blocks).toEqual(["heading", "paragraph", "table", "list"]);
      const said = rows.map((cells) => cells[2]).sort();
      expect(said).toEqual(findings.map(({ what }) => plainSentence(what, 300)).sort());
    });
  });
});

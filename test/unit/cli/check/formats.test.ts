import { describe, expect, test } from "vitest";
import type { GateFinding } from "../../../../src/alerts/gate-finding.js";
import { gateFormats } from "../../../../src/cli/check/formats.js";
import type { GateReport } from "../../../../src/cli/check/report.js";
import { readJunit } from "../../../support/gate/junit.js";
import { readGitlab, readSarif } from "../../../support/gate/json-reports.js";
import { readMarkdown } from "../../../support/gate/markdown.js";
import { reportOf } from "../../../support/gate/report.js";
import { readWorkflow } from "../../../support/gate/workflow-commands.js";

const nan: GateFinding = {
  rule: "non_finite",
  severity: "critical",
  fails: true,
  run: "nightly/7",
  split: "",
  tag: "loss",
  what: "loss is NaN",
  wanted: "no alert",
  found: "a critical alert",
  step: 1_200,
};
const slow: GateFinding = {
  ...nan,
  rule: "plateau",
  severity: "warning",
  found: "a warning",
  fails: false,
  what: "loss stopped improving",
};
const missing: GateFinding = {
  ...nan,
  rule: "missing_run",
  run: "",
  tag: "acc",
  what: "no run has to keep what is asked of acc",
  wanted: "a run like main/*",
  found: "no such run",
};
const { step: _step, ...missingRun } = missing;

const report: GateReport = {
  logdir: "logs",
  at: Date.UTC(2026, 0, 2, 3, 4, 5),
  version: "1.2.3",
  damaged: 0,
  runs: [
    {
      run: "nightly/7",
      points: 12,
      checks: [
        { name: "no alert", findings: [slow, nan] },
        { name: "final loss at most 1", findings: [] },
      ],
    },
    {
      run: "",
      points: 0,
      checks: [{ name: "There is a run that the gate's patterns mean.", findings: [missingRun] }],
    },
  ],
};

describe("a report of the gate", () => {
  test("is a line per finding and what to do next, as text", () => {
    expect(gateFormats.text(report)).toMatchInlineSnapshot(`
      "note  nightly/7: loss stopped improving, step 1,200
            wanted no alert, found a warning [plateau]
      FAIL  nightly/7: loss is NaN, step 1,200
            wanted no alert, found a critical alert [non_finite]
      FAIL  no run has to keep what is asked of acc
            wanted a run like main/*, found no such run [missing_run]
      next  \`tensorbell replay --html report.html\` draws the curve of each alert; a false one is mended under \`rules\`.
      next  \`tensorbell inspect\` lists the runs: mend \`runs\` of the requirement.
      failed: 2 findings in 1 run, 3 checks
      "
    `);
  });

  test("is a list of findings and checks, as JSON", () => {
    expect(JSON.parse(gateFormats.json(report))).toMatchObject({
      version: 1,
      passed: false,
      findings: [
        { rule: "plateau", fails: false },
        { rule: "non_finite", step: 1_200 },
        { rule: "missing_run" },
      ],
      runs: [
        {
          run: "nightly/7",
          points: 12,
          checks: [
            { name: "no alert", passed: false },
            { name: "final loss at most 1", passed: true },
          ],
        },
        { run: "", points: 0 },
      ],
      damaged: 0,
    });
  });

  test("is a suite per run and a case per check, as JUnit XML", () => {
    const text = gateFormats.junit(report);
    expect(readJunit(text).elements).toMatchObject({ testsuite: 2, testcase: 3, failure: 2 });
    expect(text).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites>
        <testsuite id="0" name="nightly/7" package="tensorbell" timestamp="2026-01-02T03:04:05" hostname="localhost" tests="2" failures="1" errors="0" time="0">
          <properties/>
          <testcase name="no alert" classname="nightly/7" time="0">
            <failure message="loss is NaN" type="non_finite">- loss is NaN at step 1,200: wanted no alert, found a critical alert
      \`tensorbell replay --html report.html\` draws the curve of each alert; a false one is mended under \`rules\`.
      </failure>
          </testcase>
          <testcase name="final loss at most 1" classname="nightly/7" time="0"/>
          <system-out>- loss stopped improving at step 1,200: wanted no alert, found a warning
      </system-out>
          <system-err/>
        </testsuite>
        <testsuite id="1" name="gate" package="tensorbell" timestamp="2026-01-02T03:04:05" hostname="localhost" tests="1" failures="1" errors="0" time="0">
          <properties/>
          <testcase name="There is a run that the gate&#39;s patterns mean." classname="gate" time="0">
            <failure message="no run has to keep what is asked of acc" type="missing_run">- no run has to keep what is asked of acc: wanted a run like main/*, found no such run
      \`tensorbell inspect\` lists the runs: mend \`runs\` of the requirement.
      </failure>
          </testcase>
          <system-out></system-out>
          <system-err/>
        </testsuite>
      </testsuites>
      "
    `);
  });

  test("is an annotation per finding, the worst first, for GitHub", () => {
    expect(readWorkflow(gateFormats.github(report))).toMatchInlineSnapshot(`
      {
        "commands": [
          {
            "message": "nightly/7: loss is NaN at step 1,200: wanted no alert, found a critical alert
      \`tensorbell replay --html report.html\` draws the curve of each alert; a false one is mended under \`rules\`.",
            "name": "error",
            "properties": {
              "title": "TensorBell non_finite: nightly/7",
            },
          },
          {
            "message": "gate: no run has to keep what is asked of acc: wanted a run like main/*, found no such run
      \`tensorbell inspect\` lists the runs: mend \`runs\` of the requirement.",
            "name": "error",
            "properties": {
              "title": "TensorBell missing_run: gate",
            },
          },
          {
            "message": "nightly/7: loss stopped improving at step 1,200: wanted no alert, found a warning
      \`tensorbell replay --html report.html\` draws the curve of each alert; a false one is mended under \`rules\`.",
            "name": "warning",
            "properties": {
              "title": "TensorBell plateau: nightly/7",
            },
          },
          {
            "message": "failed: 2 findings in 1 run, 3 checks",
            "name": "notice",
            "properties": {
              "title": "TensorBell",
            },
          },
        ],
        "plain": [],
      }
    `);
  });

  test("is an issue per finding for GitLab", () => {
    expect(readGitlab(gateFormats.gitlab(report))).toMatchInlineSnapshot(`
      [
        {
          "check_name": "non_finite",
          "description": "nightly/7: loss is NaN at step 1,200: wanted no alert, found a critical alert. \`tensorbell replay --html report.html\` draws the curve of each alert; a false one is mended under \`rules\`.",
          "fingerprint": "94fcde78f4ce3be7c58bf00cb503fa33d4d2bb61",
          "location": {
            "lines": {
              "begin": 1,
            },
            "path": "logs/nightly/7",
          },
          "severity": "critical",
        },
        {
          "check_name": "missing_run",
          "description": "gate: no run has to keep what is asked of acc: wanted a run like main/*, found no such run. \`tensorbell inspect\` lists the runs: mend \`runs\` of the requirement.",
          "fingerprint": "3081a3dba010300b7afb0703f9780a291d6c2312",
          "location": {
            "lines": {
              "begin": 1,
            },
            "path": "logs",
          },
          "severity": "critical",
        },
        {
          "check_name": "plateau",
          "description": "nightly/7: loss stopped improving at step 1,200: wanted no alert, found a warning. \`tensorbell replay --html report.html\` draws the curve of each alert; a false one is mended under \`rules\`.",
          "fingerprint": "5694c8a1528e1b77590aaaf356dd6df3d5761598",
          "location": {
            "lines": {
              "begin": 1,
            },
            "path": "logs/nightly/7",
          },
          "severity": "minor",
        },
      ]
    `);
  });

  test("is a table and advice, as markdown", () => {
    const text = gateFormats.markdown(report);
    expect(readMarkdown(text).blocks).toEqual(["heading", "paragraph", "table", "list"]);
    expect(text).toMatchInlineSnapshot(`
      "## TensorBell failed

      2 findings in 1 run, 3 checks.

      | | Run | What | Wanted | Found | Step |
      | --- | --- | --- | --- | --- | ---: |
      | **FAIL** | nightly/7 | loss is NaN | no alert | a critical alert | 1,200 |
      | **FAIL** | gate | no run has to keep what is asked of acc | a run like main/&#42; | no such run |  |
      | note | nightly/7 | loss stopped improving | no alert | a warning | 1,200 |

      - \`tensorbell replay --html report.html\` draws the curve of each alert; a false one is mended under \`rules\`.
      - \`tensorbell inspect\` lists the runs: mend \`runs\` of the requirement.
      "
    `);
  });

  test("is a result per finding, with its rule, as SARIF", () => {
    const [run] = readSarif(gateFormats.sarif(report)).runs;
    expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual(["non_finite", "missing_run", "plateau"]);
    expect(run?.results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
      ["non_finite", "error"],
      ["missing_run", "error"],
      ["plateau", "note"],
    ]);
    expect(run?.results[0]).toMatchInlineSnapshot(`
      {
        "level": "error",
        "locations": [
          {
            "logicalLocations": [
              {
                "fullyQualifiedName": "nightly/7/loss",
                "name": "loss",
              },
            ],
            "physicalLocation": {
              "artifactLocation": {
                "uri": "logs/nightly/7",
              },
              "region": {
                "startLine": 1,
              },
            },
          },
        ],
        "message": {
          "text": "nightly/7: loss is NaN at step 1,200: wanted no alert, found a critical alert",
        },
        "partialFingerprints": {
          "tensorbell/v1": "94fcde78f4ce3be7c58bf00cb503fa33d4d2bb61",
        },
        "properties": {
          "found": "a critical alert",
          "run": "nightly/7",
          "split": "",
          "step": 1200,
          "tag": "loss",
          "wanted": "no alert",
        },
        "ruleId": "non_finite",
        "ruleIndex": 0,
      }
    `);
  });

  test("keeps a finding's fingerprint while only what was found moves", () => {
    const moved = { ...nan, what: "loss is ∞", found: "a critical alert, over at step 9", step: 7 };
    const before = readGitlab(gateFormats.gitlab(reportOf([nan])));
    const after = readGitlab(gateFormats.gitlab(reportOf([moved])));
    expect(after[0]?.fingerprint).toBe(before[0]?.fingerprint);
    expect(after[0]?.description).not.toBe(before[0]?.description);
  });

  test("stays below what GitHub and GitLab take, as markdown", () => {
    const many = Array.from({ length: 5_000 }, (_, i) => ({
      ...nan,
      run: `run ${i}`,
      what: "|".repeat(1_000),
    }));
    const text = gateFormats.markdown(reportOf(many));
    expect(Buffer.byteLength(text)).toBeLessThan(500_000);
    expect(text).toMatch(/\n\n[\d,]+ more are not shown\.\n/);
  });
});

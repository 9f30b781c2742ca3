import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EventFileWriter, framed, writeCurve } from "../support/event-writer.js";

const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const begun = 1_700_000_000;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tb-check-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(run: string, curves: Readonly<Record<string, readonly number[]>>): void {
  const directory = join(folder, run);
  mkdirSync(directory, { recursive: true });
  const writer = new EventFileWriter(directory, { wallTime: begun });
  for (const [tag, values] of Object.entries(curves)) writeCurve(writer, { tag, wallTime: begun, values });
  writer.close();
}

function tensorbell(...words: readonly string[]) {
  const { PATH } = process.env;
  return spawnSync(process.execPath, [main, ...words], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH, HOME: folder },
  });
}

const falling = [1, 0.8, 0.6, 0.5, 0.45, 0.41];
const rising = [1, 1.25, 1.5, 1.75, 2, 2.25];

describe("check", () => {
  test("passes a healthy run and says what it looked at", () => {
    write("logs/a", { loss: falling });
    const { status, stdout, stderr } = tensorbell("check", "logs");
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: "passed: 1 run, 1 check\n",
      stderr: "",
    });
  });

  test("exits with 1 for a warning, and lets it pass as a note where only critical alerts fail", () => {
    write("logs/a", { loss: rising });
    const strict = tensorbell("check", "logs");
    expect(strict.status).toBe(1);
    expect(strict.stdout).toContain("FAIL  a: loss rose");
    const calm = tensorbell("check", "logs", "--fail-on", "critical");
    expect(calm.status).toBe(0);
    expect(calm.stdout).toContain("note  a: loss rose");
  });

  test("prints JSON with every finding", () => {
    write("logs/a", { loss: [...falling, NaN] });
    const { status, stdout } = tensorbell(
      "check",
      "logs",
      "--format",
      "json",
      "--output",
      "text=out/report.txt",
    );
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      passed: false,
      findings: [{ rule: "non_finite", severity: "critical", fails: true, run: "a", tag: "loss", step: 6 }],
      runs: [{ run: "a", points: 7, checks: [{ name: "no alert", passed: false }] }],
    });
    expect(readFileSync(join(folder, "out/report.txt"), "utf8")).toContain("failed: 1 finding in 1 run");
  });

  test("holds runs to the requirements of the configuration", () => {
    write("logs/a", { loss: falling, acc: [0.1, 0.5, 0.7] });
    const config = `check:
  requirements:
    - { metric: acc, value: best, atLeast: 0.9 }
    - { metric: loss, atMost: 0.5, withinSteps: 2 }
    - { metric: val_loss }
    - { metric: loss, runs: "main/*" }
`;
    writeFileSync(join(folder, "tensorbell.yaml"), config);
    const { status, stdout } = tensorbell("check", "logs", "--format", "json");
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      findings: [
        { rule: "limit", tag: "acc", wanted: "at least 0.9", found: "0.7", step: 2 },
        { rule: "deadline", tag: "loss", wanted: "at most 0.5 within 2 steps", step: 3 },
        { rule: "missing_metric", tag: "val_loss" },
        { rule: "missing_run", wanted: "a run like main/*" },
      ],
    });
  });

  test("compares with a baseline from a file that baseline save made, or from a directory", () => {
    for (const [i, last] of [0.4, 0.41, 0.39].entries())
      write(`good/${i}`, { loss: [...falling.slice(0, 5), last] });
    write("same/a", { loss: falling });
    write("worse/a", { loss: [1, 0.9, 0.8, 0.7, 0.65, 0.6] });
    const saved = tensorbell("baseline", "save", "good", "-o", "baseline.json");
    expect({ status: saved.status, stderr: saved.stderr }).toEqual({ status: 0, stderr: "" });
    expect(tensorbell("baseline", "show", "baseline.json").stdout).toBe(
      "loss  lower is better  3 runs  to step 5  best 0.39 to 0.41\n",
    );
    for (const baseline of ["baseline.json", "good"]) {
      expect(tensorbell("check", "same", "--baseline", baseline).status).toBe(0);
      const { status, stdout } = tensorbell("check", "worse", "--baseline", baseline, "--format", "json");
      expect(status).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({
        findings: [{ rule: "regression_vs_baseline", tag: "loss", found: "0.6", step: 5 }],
      });
    }
  });

  test.each([
    ["a directory that is not there", ["check", "nowhere"], "there is no such directory"],
    ["an empty directory", ["check", "."], "no event files there"],
    ["an unknown format", ["check", ".", "--format", "pdf"], "expected text, json"],
    ["an unknown severity", ["check", ".", "--fail-on", "info"], "expected warning or critical"],
    ["an output without a file", ["check", ".", "--output", "json"], "expected FORMAT=FILE"],
    ["a timeout without --wait", ["check", ".", "--timeout", "1h"], "--timeout needs --wait"],
    ["a baseline that is not there", ["check", ".", "--baseline", "b.json"], "no such baseline"],
    ["a file that is no baseline", ["baseline", "show", "junk.json"], "not a baseline file"],
    ["baseline save without a file", ["baseline", "save", "."], "--output"],
  ])("exits with 2 for %s", (_, words, said) => {
    writeFileSync(join(folder, "junk.json"), "{}");
    const { status, stdout, stderr } = tensorbell(...words);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(said);
  });

  test("says the same on several threads, and one rule's failure once", () => {
    writeFileSync(
      join(folder, "broken.mjs"),
      `export default { id: "broken", severity: "warning", settings: {}, memoryBound: 1, summary: { en: "x", zh: "x" }, say: () => "x",
  appliesTo: () => true,
  detector: () => ({ observe() { throw new Error("oh"); }, reset: () => ({ kind: "ok" }), memory: () => new Uint8Array([1]) }) };`,
    );
    writeFileSync(join(folder, "tensorbell.yaml"), "rule_modules: [broken.mjs]\n");
    // Enough to be worth a thread.
    const bulk = framed(Buffer.alloc(14 << 20));
    for (const run of ["a", "b", "c"]) {
      write(`logs/${run}`, { loss: run === "b" ? rising : falling });
      const [file = ""] = readdirSync(join(folder, "logs", run));
      appendFileSync(join(folder, "logs", run, file), bulk);
    }
    const { status, stdout, stderr } = tensorbell("check", "logs", "--json");
    expect(stderr.match(/rule broken failed/g)).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({
      findings: [{ rule: "consecutive_rise", run: "b" }],
      runs: [
        { run: "a", points: 6 },
        { run: "b", points: 6 },
        { run: "c", points: 6 },
      ],
    });
    expect(status).toBe(1);
  });

  test("lets an empty directory pass where that is allowed", () => {
    expect(tensorbell("check", ".", "--allow-empty").status).toBe(0);
  });

  test("exits with 2 where not one point of damaged files could be read", () => {
    mkdirSync(join(folder, "logs"));
    writeFileSync(join(folder, "logs/events.out.tfevents.1.host"), Buffer.alloc(4_096, 7));
    const { status, stderr } = tensorbell("check", "logs");
    expect(status).toBe(2);
    expect(stderr).toContain("not one point could be read");
  });
});

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EventFileWriter } from "../support/event-writer.js";

const tsx = fileURLToPath(import.meta.resolve("tsx"));
const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const example = fileURLToPath(new URL("../../docs/examples/loss-zero.js", import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tb-own-rules-"));
  for (const name of ["a", "b"]) {
    mkdirSync(join(folder, "logs", name), { recursive: true });
    const writer = new EventFileWriter(join(folder, "logs", name), { wallTime: 1_700_000_000 });
    for (let i = 0; i < 40; i += 1) {
      writer.add("train/loss", i, i < 30 ? 1 - i / 40 : 0, 1_700_000_000 + i);
      writer.add("val/loss", i, i < 20 ? 1 - i / 40 : 1.5, 1_700_000_000 + i);
    }
    writer.close();
  }
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(...words: readonly string[]) {
  const env = { PATH: process.env["PATH"], HOME: folder };
  return spawnSync(process.execPath, ["--import", tsx, main, ...words], {
    cwd: folder,
    encoding: "utf8",
    env,
  });
}

test("replay judges by rules of one's own, written and coded, on every thread", () => {
  writeFileSync(
    join(folder, "tensorbell.yaml"),
    `own_rules:
  gap:
    metrics: { train: train/loss, val: val/loss }
    condition: mean(val, 5) > 1.5 * mean(train, 5) and change(train, 5) <= 0
    for: 3 points
    severity: critical
rule_modules: [${JSON.stringify(example)}]
`,
  );
  const { status, stdout, stderr } = run("replay", "logs", "--json", "--jobs", "2");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const { alerts } = JSON.parse(stdout) as {
    alerts: { run: string; rule: string; tag: string; message: string }[];
  };
  const own = alerts.filter(({ rule }) => rule === "gap" || rule === "loss_zero");
  expect(own.map(({ run: name, rule, tag }) => `${name} ${rule} ${tag}`).sort()).toEqual([
    "a gap train/loss",
    "a loss_zero train/loss",
    "b gap train/loss",
    "b loss_zero train/loss",
  ]);
  expect(own.find(({ rule }) => rule === "gap")?.message).toMatch(
    /^train\/loss meets gap: mean\(val, 5\) > /,
  );
});

test("a mistake in a condition is told with its place in the file and in the condition", () => {
  writeFileSync(
    join(folder, "tensorbell.yaml"),
    "own_rules:\n  gap:\n    metric: loss\n    condition: value > )\n",
  );
  const { status, stderr } = run("replay", "logs");
  expect(status).toBe(2);
  expect(stderr).toMatch(
    /tensorbell\.yaml:4:16 own_rules\.gap\.condition: column 9: expected a number or a metric, found "\)"/,
  );
});

test("rule-test says what holds, and ends with 1 where something does not", () => {
  const whole = run("rule-test", example);
  expect(whole.stdout).toMatch(/14 of 14 checks hold\n$/);
  expect(whole.status).toBe(0);
  const file = join(folder, "broken.mjs");
  writeFileSync(
    file,
    `export default { id: "broken", severity: "info", memoryBound: 0, summary: "Breaks.", say: () => "words", appliesTo: () => true,
  detector: () => ({ observe: () => { throw new Error("oh no"); }, reset: () => ({ kind: "ok" }), memory: () => new Uint8Array(0) }) };`,
  );
  const broken = run("rule-test", file);
  expect(broken.stdout).toContain("BROKEN broken: survives one point: oh no");
  expect(broken.status).toBe(1);
  const asJson = run("rule-test", file, "--json");
  expect(JSON.parse(asJson.stdout)).toMatchObject({
    broken: expect.any(Number) as number,
    checks: expect.arrayContaining([
      { rule: "broken", check: "survives one point", problem: "oh no" },
    ]) as unknown[],
  });
  expect(asJson.status).toBe(1);
  expect(run("rule-test", join(folder, "absent.js"))).toMatchObject({ status: 2 });
});

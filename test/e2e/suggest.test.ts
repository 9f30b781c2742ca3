import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EventFileWriter } from "../support/event-writer.js";

const tsx = fileURLToPath(import.meta.resolve("tsx"));
const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tb-suggest-"));
  for (let run = 0; run < 4; run += 1) write(`nightly/good${run}`, 0.3);
  write("trial/bad", 3);
  writeFileSync(
    join(folder, "groups.yaml"),
    "rules:\n  consecutive_rise:\n    - {count: 6}\n    - {runs: 'nightly/*', min_total: 0.5}\n  stalled: {enabled: false}\n",
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Falls, climbs for five points, and comes down again where the climb is small. */
function write(run: string, climb: number): void {
  const directory = join(folder, "logs", run);
  mkdirSync(directory, { recursive: true });
  const writer = new EventFileWriter(directory, { wallTime: 1_700_000_000 });
  for (let i = 0; i < 60; i += 1) {
    const up = i < 30 ? 0 : (climb * Math.min(i - 29, 5)) / 5;
    const after = i < 35 || climb > 1 ? up : -i / 60;
    writer.add("train/loss", i, 3 - Math.min(i, 30) / 30 + after, 1_700_000_000 + i);
  }
  writer.close();
}

function tensorbell(...words: readonly string[]) {
  const { PATH } = process.env;
  return spawnSync(process.execPath, ["--import", tsx, main, ...words], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH, HOME: folder },
  });
}

describe("suggest", () => {
  test("prints the setting, its trade-off and what to write", () => {
    const { stdout, stderr, status } = tensorbell(
      ...["suggest", "logs", "--metric", "loss", "--rule", "consecutive_rise", "--picture", "trade.png"],
    );
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).toContain("quiet on 4/4 healthy runs, catches 1/1 bad ones");
    expect(stdout).toContain("Ended well: every value finite");
    expect(stdout).toMatch(/rules:\n {2}consecutive_rise: \{ tags: "train\/loss", min_total: \S+ \}/);
    expect(stdout).toMatch(/In chat: \/tb threshold loss [\d.]+/);
    expect(existsSync(join(folder, "trade.png"))).toBe(true);
  });

  test("prints what it suggests to write so that a replay with it does as it says", () => {
    const { stdout } = tensorbell("suggest", "logs", "--rule", "consecutive_rise");
    const lines = /rules:\n.*/.exec(stdout)?.[0] ?? "";
    writeFileSync(join(folder, "applied.yaml"), lines);
    const { stdout: json } = tensorbell("replay", "logs", "--json", "--config", "applied.yaml");
    const { alerts } = JSON.parse(json) as { alerts: { run: string; rule: string }[] };
    const rises = alerts.filter(({ rule }) => rule === "consecutive_rise");
    expect(rises.map(({ run }) => run)).toEqual(["trial/bad"]);
  });

  test.each([
    ["a metric that is not there", ["suggest", "logs", "--metric", "acuracy"]],
    ["a rule without a knob", ["suggest", "logs", "--rule", "stalled"]],
    ["a directory that is not there", ["suggest", "nowhere"]],
    ["a run that is not there", ["rules", "logs", "--run", "nothing*"]],
  ])("exits with 2 and a sentence for %s", (_, words) => {
    const { status, stdout, stderr } = tensorbell(...words);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).not.toContain("    at ");
  });
});

describe("rules", () => {
  interface Row {
    readonly run: string;
    readonly rule: string;
    readonly settings: Record<string, unknown>;
    readonly from: Record<string, string>;
  }

  test("shows each setting with the entry it came from", () => {
    const { stdout, status } = tensorbell("rules", "logs", "--config", "groups.yaml", "--json");
    expect(status).toBe(0);
    const { rules } = JSON.parse(stdout) as { rules: Row[] };
    const of = (run: string) => rules.find((row) => row.run === run && row.rule === "consecutive_rise");
    expect(of("nightly/good0")).toMatchObject({
      settings: { count: 6, min_total: 0.5, gate: 6 },
      from: {
        count: "config[0]",
        min_total: "config[1] runs nightly/*",
        gate: "default",
      },
    });
    expect(of("trial/bad")).toMatchObject({
      settings: { count: 6, min_total: 0.1 },
      from: { min_total: "default" },
    });
    expect(rules.filter(({ rule }) => rule === "stalled")).toEqual([]);
  });

  test("reads well: series that are judged alike share a row", () => {
    const { stdout } = tensorbell("rules", "logs");
    expect(stdout).toMatch(/^rule +setting +from +series +runs\n/);
    expect(stdout).toMatch(
      /^consecutive_rise +count=5 min_total=0.1 gate=6 +default +5: train\/loss +5 runs$/m,
    );
    expect(stdout).toContain("5 series of 5 runs; settings made in chat are not on disk");
  });
});

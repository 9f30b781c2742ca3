import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const tsx = fileURLToPath(import.meta.resolve("tsx"));
const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tb-cli-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Said {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function tensorbell(words: readonly string[], env: NodeJS.ProcessEnv = {}): Said {
  const { PATH } = process.env;
  return spawnSync(process.execPath, ["--import", tsx, main, ...words], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH, HOME: folder, ...env },
  });
}

describe("the command line", () => {
  it("lists every command in its help and says what the exit codes mean", () => {
    const { status, stdout } = tensorbell(["--help"]);
    expect(status).toBe(0);
    for (const word of ["start", "demo", "doctor", "scalars", "manifest", "schema", "Exit codes"]) {
      expect(stdout).toContain(word);
    }
  });

  it.each([
    ["no command", []],
    ["an unknown command", ["strat"]],
    ["an unknown option", ["doctor", "--loud"]],
    ["a missing argument", ["scalars"]],
    ["two formats at once", ["scalars", ".", "--json", "--format", "csv"]],
    ["a log run that is not there", ["scalars", ".", "--run", "nowhere"]],
    ["a directory that is not there", ["start", "nowhere"]],
    ["a configuration file that is not there", ["start", "--config", "nowhere.yaml"]],
  ])("exits with 2 and says why for %s", (_reason, words) => {
    const { status, stdout, stderr } = tensorbell(words);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).not.toBe("");
    expect(stderr).not.toContain("    at ");
  });

  it("names every problem of the configuration with its place before it starts anything", () => {
    writeFileSync(join(folder, "tensorbell.yaml"), "watchs: [a]\nlanguage: de\n");
    const { status, stderr } = tensorbell(["start"]);
    expect(status).toBe(2);
    const file = join(folder, "tensorbell.yaml");
    expect(stderr).toBe(
      `tensorbell: 2 problems with the configuration\n` +
        `  ${file}:1:1 watchs: unknown key "watchs"; did you mean watches?\n` +
        `  ${file}:2:11 language: expected en or zh, found "de"\n`,
    );
  });
});

describe("the doctor", () => {
  it("finds nothing wrong where everything has its default", () => {
    const { status, stdout } = tensorbell(["doctor", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ healthy: true });
    expect(status).toBe(0);
  });

  it("exits with 1 and gives a remedy for each fault", () => {
    writeFileSync(join(folder, "tensorbell.yaml"), "watches: [nowhere]\n");
    const { status, stdout } = tensorbell(["doctor"], {
      REDIS_URL: "redis://:hush@127.0.0.1:1",
      SLACK_BOT_TOKEN: "xapp-swapped",
    });
    expect(status).toBe(1);
    const faults = stdout.split("\n").filter((line) => line.startsWith("FAULT"));
    expect(faults.map((line) => line.split(/\s+/)[1])).toEqual(
      expect.arrayContaining(["redis", "watch", "slack"]),
    );
    expect(stdout.match(/→/g)?.length).toBeGreaterThanOrEqual(faults.length);
    expect(stdout).not.toMatch(/hush|xapp-swapped/);
  });

  it("reads .env from the folder the user stands in", () => {
    writeFileSync(join(folder, ".env"), "TENSORBELL_LOG_LEVEL=loud\n");
    expect(tensorbell(["doctor"]).stdout).toContain("TENSORBELL_LOG_LEVEL: expected debug");
  });
});

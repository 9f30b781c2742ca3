import { spawnSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { EventFileWriter } from "../../src/eventlog/event-file-writer.js";

const tsx = fileURLToPath(import.meta.resolve("tsx"));
const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const wholeFileModule = new URL("../../src/cli/whole-file.ts", import.meta.url).href;
let folder: string;
let logs: string;
let out: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tb-outputs-"));
  logs = join(folder, "logs");
  for (const run of ["a", "b"]) {
    const writer = new EventFileWriter(join(logs, run), { wallTime: 1_750_000_000 });
    for (let step = 0; step < 300; step += 1) {
      writer.scalar("loss", step, Math.exp(-step / 100) + 0.01 * Math.sin(step * 13), 1_750_000_000 + step);
    }
    writer.close();
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(() => {
  out = mkdtempSync(join(folder, "out-"));
});

/** Runs one command line by the shell, with `tensorbell` as a word of it. */
function shell(line: string) {
  const { PATH } = process.env;
  const words = [process.execPath, "--import", tsx, main].map((word) => `'${word}'`).join(" ");
  const { status, stdout, stderr } = spawnSync(
    "bash",
    ["-c", `set -o pipefail\ntensorbell() { ${words} "$@"; }\n${line}`],
    { cwd: out, encoding: "utf8", env: { PATH, HOME: folder }, stdio: ["ignore", "pipe", "pipe"] },
  );
  return { status, stdout, stderr };
}

describe("standard output", () => {
  it.runIf(existsSync("/dev/full")).each(["scalars ../logs", "--help"])(
    "on a full disk is told in a sentence and by exit code 2: %s",
    (words) => {
      expect(shell(`tensorbell ${words} >/dev/full`)).toEqual({
        status: 2,
        stdout: "",
        stderr: "tensorbell: standard output cannot be written (no space left on device)\n",
      });
    },
  );

  it.each(["scalars ../logs --json", "--help"])("ends in silence where its reader went away: %s", (words) => {
    expect(shell(`tensorbell ${words} | true`)).toEqual({ status: 0, stdout: "", stderr: "" });
  });
});

const reports = [
  "scalars ../logs --format csv --output FILE",
  "scalars ../logs --format parquet --output FILE",
  "replay ../logs --html FILE",
  "suggest ../logs --picture FILE",
  "check ../logs --output junit=FILE",
  "baseline save ../logs --output FILE",
];

describe("a file that a command writes", () => {
  it.each(reports)("appears whole, through a link too, and nothing beside it: %s", (words) => {
    symlinkSync("target", join(out, "link"));
    writeFileSync(join(out, "target"), "old");
    expect(shell(`tensorbell ${words.replace("FILE", "link")}`).status).toBe(0);
    expect(readdirSync(out).sort()).toEqual(["link", "target"]);
    expect(lstatSync(join(out, "link")).isSymbolicLink()).toBe(true);
    expect(statSync(join(out, "target")).size).toBeGreaterThan(100);
  });

  it.each(["scalars ../logs --format csv --output pipe", "check ../logs --output junit=pipe"])(
    "leaves a pipe what it is: %s",
    (words) => {
      expect(shell(`mkfifo pipe; cat pipe >copy & tensorbell ${words} && wait`).status).toBe(0);
      expect(lstatSync(join(out, "pipe")).isFIFO()).toBe(true);
      expect(statSync(join(out, "copy")).size).toBeGreaterThan(100);
    },
  );

  it.each([
    "scalars ../logs --format csv --output file",
    "scalars ../logs --format parquet --output file",
    "baseline save ../logs --output file",
  ])("is told in a sentence where it has no room, and what was there stays: %s", (words) => {
    writeFileSync(join(out, "file"), "old");
    const { status, stderr } = shell(`ulimit -f 0; tensorbell ${words}`);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^tensorbell: .*file: cannot be written \(file too large\)\n$/);
    expect(readdirSync(out)).toEqual(["file"]);
    expect(readFileSync(join(out, "file"), "utf8")).toBe("old");
  });

  it.each([
    ["scalars ../logs --output nowhere/file", "no such file or directory"],
    ["replay ../logs --html nowhere/file", "no such file or directory"],
    ["suggest ../logs --picture ../logs", "this is a directory"],
    ["baseline save ../logs --output nowhere/file", "no such file or directory"],
  ])("is refused before the work where it cannot be: %s", (words, reason) => {
    const { status, stdout, stderr } = shell(`tensorbell ${words}`);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(reason);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  it("leaves nothing behind, and what was there, when a signal ends the work", () => {
    const file = join(out, "kept.csv");
    writeFileSync(file, "old");
    const script = `
      import { writeFileSync, readdirSync } from "node:fs";
      import { wholeFile } from ${JSON.stringify(wholeFileModule)};
      const output = wholeFile(${JSON.stringify(file)});
      writeFileSync(output.path, "half");
      if (readdirSync(${JSON.stringify(out)}).length !== 2) throw new Error("expected the file beside");
      process.kill(process.pid, "SIGINT");
      for (;;) await new Promise((resolve) => setImmediate(resolve));`;
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--import", tsx, "--input-type=module", "-e", script],
      { encoding: "utf8" },
    );
    expect({ status, stderr }).toEqual({ status: 130, stderr: "" });
    expect(readdirSync(out)).toEqual(["kept.csv"]);
    expect(readFileSync(file, "utf8")).toBe("old");
  });
});

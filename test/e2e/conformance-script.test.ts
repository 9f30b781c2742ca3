import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

/** Where the set lies whose cases are also in `test/fixtures`, with a script that compares what a reader prints. */
const home = fileURLToPath(new URL("../..", import.meta.url));
const set = process.env["CONFORMANCE_SET"] ?? join(home, "../shared/conformance");
const script = join(set, "check_dump.py");
const isPresent = existsSync(script) && spawnSync("python3", ["--version"]).status === 0;

it.skipIf(!isPresent)(
  "prints what the script of the conformance set expects, of all cases (skipped where the set or python3 is absent)",
  { timeout: 180_000 },
  () => {
    const dump = "node dist/main.js scalars {logs} --json";
    const words = [script, join(set, "public"), dump, "--errors", "strict"];
    const { stdout, stderr } = spawnSync("python3", words, { cwd: home, encoding: "utf8" });
    expect(stdout.trim().split("\n").at(-1), stdout + stderr).toMatch(/^46 passed, 0 failed$/);
  },
);

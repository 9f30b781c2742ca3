#!/usr/bin/env node
/**
 * All checks in order of speed, each named, up to the first that fails; then the tests.
 * Ends with the line `N passed, N failed, N skipped`. Words after `npm test --` go to vitest and leave the checks out.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { countTests } from "./test-counts.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const report = join(root, "node_modules/.cache/tensorbell/vitest.json");
const checks = [
  ["format:check", "format"],
  ["layers", "layers"],
  ["dead", "dead code"],
  ["types", "types"],
  ["lint", "lint"],
];
const words = process.argv.slice(2);

process.exitCode = main();

function main() {
  for (const [script, name] of words.length > 0 ? [] : checks) {
    console.log(`check: ${name}`);
    if (run("npm", ["run", "--silent", script]) === 0) continue;
    console.log(`check: ${name} failed; the tests were not run`);
    console.log("0 passed, 1 failed, 0 skipped");
    return 1;
  }
  console.log("check: tests");
  return tests();
}

function tests() {
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const status = run(process.execPath, [vitest, "run", ...reporters, ...words]);
  const { passed, failed, skipped } = countTests(readReport(), status);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return failed > 0 ? 1 : 0;
}

function run(command, args) {
  return spawnSync(command, args, { cwd: root, stdio: "inherit" }).status;
}

function readReport() {
  try {
    return JSON.parse(readFileSync(report, "utf8"));
  } catch {
    return undefined;
  }
}

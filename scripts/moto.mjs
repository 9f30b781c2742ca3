#!/usr/bin/env node
/**
 * Provides moto, a local S3 of another make, for the tests that want one: a Python environment of its own below
 * node_modules/.cache. Never fails: without Python or a package registry those tests say that they are skipped.
 */
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const version = "5.2.1";
const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), "node_modules/.cache/tensorbell/moto");

if (!existsSync(join(folder, "bin/moto_server")) && !runs("moto_server", ["--help"], 60_000)) install();

function install() {
  console.error(`setup: installing moto ${version} for the tests of S3`);
  const pip = join(folder, "bin/pip");
  const isThere =
    runs("python3", ["-m", "venv", folder], 120_000) &&
    runs(
      pip,
      ["install", "--quiet", "--retries", "1", "--timeout", "20", `moto[s3,server]==${version}`],
      300_000,
    );
  if (isThere) return;
  rmSync(folder, { recursive: true, force: true });
  console.error("setup: moto could not be installed; tests that need it are skipped");
}

function runs(program, args, timeout) {
  return spawnSync(program, args, { stdio: "ignore", timeout }).status === 0;
}

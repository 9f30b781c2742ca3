#!/usr/bin/env node
/**
 * Brings a fresh clone to where `npm start` or `npm test` can run: npm packages, a Redis server, a build.
 * Plain JavaScript without dependencies; says what it does, a line a step, and is silent where nothing is to be done.
 * Usage: node scripts/setup.mjs [start|test]
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildFingerprint, builtFingerprint, root } from "./build-fingerprint.mjs";
import { findOnPath, installPlan, redisProblem, redisVersion } from "./redis-server.mjs";

const mode = process.argv[2] ?? "start";
if (mode !== "start" && mode !== "test") stop(`setup knows "start" and "test", not ${JSON.stringify(mode)}.`);

checkNode();
installPackages();
provideRedis();
build();

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const enough = (major === 20 && minor >= 19) || major > 20;
  if (!enough) stop(`TensorBell needs Node.js 20.19 or later; this is ${process.versions.node}.`);
}

function installPackages() {
  if (packagesInstalled()) return;
  say("installing npm packages (npm ci)");
  // Under npm its own path is known, which also holds where `npm` is a shell function.
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith("npm-cli.js") ? [process.execPath, [npm]] : ["npm", []];
  const args = [...first, "ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  if (!run(command, args)) stop("`npm ci` failed; its own words are above. Mend that, then try again.");
}

/** npm writes node_modules/.package-lock.json last, so it proves a finished install of exactly these versions. */
function packagesInstalled() {
  const installed = readJson(join(root, "node_modules/.package-lock.json"))?.packages;
  const wanted = readJson(join(root, "package-lock.json"))?.packages;
  if (installed === undefined || wanted === undefined) return false;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === "" || installed[path]?.version === version || (optional && installed[path] === undefined),
  );
}

function provideRedis() {
  if (mode === "start" && redisIsElsewhere()) return;
  let server = findOnPath(["redis-server", "valkey-server"]);
  if (server === undefined) {
    installRedis();
    server = findOnPath(["redis-server", "valkey-server"]);
    if (server === undefined) stop("the package manager finished, but no redis-server is on PATH.");
  }
  const problem = redisProblem(redisVersion(server));
  if (problem !== undefined) stop(problem);
}

function redisIsElsewhere() {
  return [set("REDIS_URL"), set("REDIS_URL_FILE")].some((value) => value !== undefined);
}

/** A variable of the environment, or of `.env`, which the product reads later in the same way. */
function set(name) {
  if (process.env[name] !== undefined) return process.env[name] || undefined;
  const file = join(root, ".env");
  if (!existsSync(file)) return undefined;
  const line = new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=[ \\t]*(\\S+)`, "m");
  return line.exec(readFileSync(file, "utf8"))?.[1];
}

function installRedis() {
  const plan = installPlan({
    platform: process.platform,
    has: (name) => findOnPath([name]) !== undefined,
    root: process.getuid?.() === 0,
    sudo: () => spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0,
    forbidden: set("TENSORBELL_NO_INSTALL") === "1",
  });
  if (plan.kind === "ask") stop(plan.sentence);
  say(`installing a Redis server: ${plan.shown}`);
  if (!run(plan.command, plan.args)) {
    stop(`installing the Redis server failed. Install it yourself (${plan.manual}), or set REDIS_URL.`);
  }
}

function build() {
  if (builtFingerprint() === buildFingerprint()) return;
  say("building");
  if (!run(process.execPath, [join(root, "scripts/build.mjs")])) stop("the build failed; see above.");
}

function run(command, args) {
  return spawnSync(command, args, { cwd: root, stdio: "inherit" }).status === 0;
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

function say(sentence) {
  console.error(`setup: ${sentence}`);
}

function stop(sentence) {
  say(sentence);
  process.exit(2);
}

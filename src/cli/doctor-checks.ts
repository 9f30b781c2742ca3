import { accessSync, constants, readdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { execFileSync } from "node:child_process";
import type { Config } from "../app/config.js";
import { findRedisServer } from "../app/embedded-redis-program.js";
import type { Environment } from "../app/environment.js";
import { networkDisk } from "../app/home.js";
import { parseRedisUrl } from "../app/redis-address.js";
import { judgeRedis, reachRedis } from "../app/redis-checks.js";
import { StartProblem } from "../app/start-problem.js";
import { isRemoteAddress } from "../lib/remote-address.js";
import type { Check } from "./doctor-check.js";
import { checkDingTalk } from "./doctor-dingtalk.js";
import { checkSlack } from "./doctor-slack.js";
import { tryPrepare } from "./prepare.js";

/** Looks at everything `start` needs without starting it. */
export async function examine(configFile: string | undefined): Promise<readonly Check[]> {
  const preparation = tryPrepare(configFile);
  if (preparation.kind === "problems") {
    const faults = preparation.problems.map((found): Check => {
      return {
        name: "config",
        state: "fault",
        found,
        remedy: "mend it there; docs/configuration.md lists every key",
      };
    });
    return [checkNode(process.versions.node), ...faults];
  }
  const { config, environment } = preparation.prepared;
  return [
    checkNode(process.versions.node),
    { name: "config", state: "ok", found: config.file ?? "no tensorbell.yaml; defaults are used" },
    ...(environment.redisUrl === undefined
      ? [checkEmbedded(), checkHome(environment.home)]
      : await checkRemoteRedis(environment)),
    ...checkWatches(config),
    ...(await checkSlack(environment, config)),
    ...(await checkDingTalk(environment, config)),
  ];
}

function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return { name: "node", state: "ok", found: version };
  return { name: "node", state: "fault", found: version, remedy: "install Node.js 20.19 or later" };
}

function checkEmbedded(): Check {
  try {
    const program = findRedisServer();
    const said = execFileSync(program, ["--version"], { encoding: "utf8" });
    const version = /\bv=(\S+)/.exec(said)?.[1] ?? "unknown";
    const { faults } = judgeRedis(`redis_version:${version}`);
    const found = `embedded, ${program} ${version}`;
    const [remedy] = faults;
    return remedy === undefined
      ? { name: "redis", state: "ok", found }
      : { name: "redis", state: "fault", found, remedy };
  } catch (error) {
    const remedy = error instanceof StartProblem ? error.message : "install Redis 6.2 or later";
    return { name: "redis", state: "fault", found: "no server for the embedded Redis", remedy };
  }
}

function checkHome(home: string): Check {
  const existing = nearestExisting(home);
  try {
    accessSync(existing, constants.W_OK | constants.X_OK);
  } catch {
    const remedy = "make it writable for this user, or choose another folder with TENSORBELL_HOME";
    return { name: "home", state: "fault", found: `${existing} cannot be written to`, remedy };
  }
  const disk = networkDisk(existing);
  if (disk === undefined) return { name: "home", state: "ok", found: home };
  const remedy = "a network disk is slow and may lose locks: choose a local folder with TENSORBELL_HOME";
  return { name: "home", state: "note", found: `${home} lies on ${disk}`, remedy };
}

function nearestExisting(path: string): string {
  let existing = path;
  while (statSync(existing, { throwIfNoEntry: false }) === undefined && dirname(existing) !== existing) {
    existing = dirname(existing);
  }
  return existing;
}

async function checkRemoteRedis(environment: Environment): Promise<readonly Check[]> {
  const parsed = parseRedisUrl(environment.redisUrl?.reveal() ?? "");
  if (parsed.kind === "problem") {
    return [{ name: "redis", state: "fault", found: parsed.sentence, remedy: "correct REDIS_URL" }];
  }
  const reach = await reachRedis(parsed.address, 5_000);
  if (reach.kind === "away") {
    const remedy = "start it, or correct REDIS_URL; unset, an embedded Redis is used";
    return [{ name: "redis", state: "fault", found: `${parsed.shown}: ${reach.reason}`, remedy }];
  }
  const { version, faults, warnings } = reach.report;
  const found = `${parsed.shown}, version ${version}`;
  if (faults.length > 0) return faults.map((remedy) => ({ name: "redis", state: "fault", found, remedy }));
  if (warnings.length > 0) return warnings.map((remedy) => ({ name: "redis", state: "note", found, remedy }));
  return [{ name: "redis", state: "ok", found }];
}

function checkWatches(config: Config): readonly Check[] {
  if (config.watches.length === 0) {
    const remedy = "name directories: tensorbell start path/to/logs, or watches: in tensorbell.yaml";
    return [
      { name: "watches", state: "note", found: "none configured; ./logs is watched where it exists", remedy },
    ];
  }
  return config.watches.map(({ root }): Check => {
    if (isRemoteAddress(root)) {
      const remedy = `not looked at here, because that costs requests: tensorbell inspect ${root} does`;
      return { name: "watch", state: "note", found: root, remedy };
    }
    try {
      readdirSync(root);
      return { name: "watch", state: "ok", found: root };
    } catch (error) {
      const reason = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
      const remedy = "create it, correct the path in tensorbell.yaml, or give this user the right to read it";
      return { name: "watch", state: "fault", found: `${root} (${reason})`, remedy };
    }
  });
}

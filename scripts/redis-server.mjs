/** How set-up finds a Redis server and what it would take to install one; pure except for looking at PATH. */
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

export function findOnPath(names, path = process.env.PATH ?? "") {
  for (const name of names) {
    for (const folder of path.split(delimiter)) {
      if (folder !== "" && executable(join(folder, name))) return join(folder, name);
    }
  }
  return undefined;
}

function executable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** `7.0.15` out of `Redis server v=7.0.15 sha=…` or `Valkey server v=8.0.1 …`. */
export function redisVersion(server) {
  const said = spawnSync(server, ["--version"], { encoding: "utf8" }).stdout ?? "";
  return /\bv=(\d+\.\d+\.\d+)/.exec(said)?.[1];
}

/** The sentence for a server that is too old; undefined for one that will do, or whose version is unknown. */
export function redisProblem(version) {
  if (version === undefined) return undefined;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 6 || (major === 6 && minor >= 2)) return undefined;
  return `redis-server ${version} is too old: TensorBell needs 6.2 or later. Install a newer Redis or Valkey, or set REDIS_URL to one.`;
}

/**
 * `{kind: "run", command, args, shown, manual}` or `{kind: "ask", sentence}`.
 * Packages that start a service when installed (Debian's) are kept from doing so, now and at the next boot.
 */
export function installPlan({ platform, has, root, sudo, forbidden }) {
  const way = ways.find(({ tool, on }) => on === platform && has(tool));
  if (way === undefined) {
    return ask("install Redis 6.2 or later (or Valkey) so that redis-server is on PATH, or set REDIS_URL");
  }
  const manual = way.asUser ? way.manual : `sudo ${way.manual}`;
  if (forbidden) return ask(`TENSORBELL_NO_INSTALL=1 forbids installing it. Run: ${manual}`);
  if (way.asUser || root) {
    return { kind: "run", command: "sh", args: ["-c", way.script], shown: way.manual, manual };
  }
  if (!has("sudo") || !sudo()) return ask(`installing it needs root. Run: ${manual}`);
  return { kind: "run", command: "sudo", args: ["-n", "sh", "-c", way.script], shown: manual, manual };
}

function ask(what) {
  return { kind: "ask", sentence: `no redis-server or valkey-server on PATH; ${what}` };
}

const quietly = ">/dev/null 2>&1 || true";

/** A policy that forbids service starts for the time of the installation; one that stands there already is respected. */
const apt = `set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq || true
apt-get install -y -qq --no-install-recommends redis-server >&2
systemctl disable redis-server.service ${quietly}
update-rc.d redis-server disable ${quietly}`;

const ways = [
  { on: "linux", tool: "apt-get", manual: "apt-get install -y redis-server", script: apt },
  {
    on: "linux",
    tool: "dnf",
    manual: "dnf install -y valkey",
    script: "dnf install -y valkey >&2 || dnf install -y redis >&2",
  },
  { on: "linux", tool: "apk", manual: "apk add redis", script: "apk add --no-cache redis >&2" },
  {
    on: "darwin",
    tool: "brew",
    manual: "brew install redis",
    script: "brew install redis >&2",
    asUser: true,
  },
];

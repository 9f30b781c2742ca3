import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findRedisServer } from "../../src/app/embedded-redis-program.js";
import { fateOf, type ProcessIdentity } from "../../src/app/process-identity.js";
import { EventFileWriter } from "../../src/eventlog/event-file-writer.js";

const tsx = fileURLToPath(import.meta.resolve("tsx"));
const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const running: Running[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tb-start-"));
});

afterEach(async () => {
  for (const one of running.splice(0).reverse()) {
    one.child.kill("SIGTERM");
    await one.exit;
  }
  rmSync(folder, { recursive: true, force: true });
});

interface Running {
  readonly child: ChildProcess;
  readonly exit: Promise<number | NodeJS.Signals>;
  /** Resolves with the match as soon as the output holds it; rejects when the process ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
}

/** The real process, standing in a folder of its own with a home of its own. */
function tensorbell(words: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  const { PATH } = process.env;
  const child = spawn(process.execPath, ["--import", tsx, main, ...words], {
    cwd: folder,
    env: { PATH, HOME: folder, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const listen of listeners) listen();
    });
  }
  const exit = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once("close", (code, signal) => resolve(code ?? signal ?? -1)),
  );
  const says = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(output);
        if (match !== null) resolve(match);
      };
      listeners.add(look);
      look();
      void exit.then((code) => reject(new Error(`ended with ${code} before saying ${pattern}:\n${output}`)));
    });
  const one = { child, exit, says };
  running.push(one);
  return one;
}

/** A Redis that is none of ours, on a socket in the test's folder. */
async function startRedis(...settings: readonly string[]): Promise<string> {
  const path = join(folder, "redis.sock");
  const args = ["--port", "0", "--unixsocket", path, "--save", "", "--dir", folder, ...settings];
  const child = spawn(findRedisServer(), args, { stdio: ["ignore", "pipe", "inherit"] });
  const exit = new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? 0)));
  running.unshift({ child, exit, says: () => Promise.reject(new Error("Redis says nothing")) });
  await new Promise<void>((resolve) => {
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (said.includes("eady to accept connections")) resolve();
    });
  });
  return `unix://${path}`;
}

function redisOf(home: string): ProcessIdentity {
  const record = JSON.parse(readFileSync(join(home, "redis/server.json"), "utf8")) as {
    server: ProcessIdentity;
  };
  return record.server;
}

function writeRun(name: string, atEnd: readonly number[] = []): void {
  const writer = new EventFileWriter(join(folder, "logs", name), { wallTime: 1_700_000_000 });
  for (let step = 1; step <= 20; step += 1) writer.scalar("loss", step, 1 / step, 1_700_000_000 + step);
  for (const [at, value] of atEnd.entries()) writer.scalar("loss", 21 + at, value, 1_700_000_021 + at);
  writer.close();
}

describe("tensorbell start", () => {
  it("watches ./logs without any configuration, and stops with everything it started on SIGTERM", async () => {
    writeRun("one");
    const app = tensorbell(["start"]);
    await app.says(/Watching .*logs.* 1 run/);
    const redis = redisOf(join(folder, ".tensorbell"));
    expect(fateOf(redis)).toBe("alive");
    app.child.kill("SIGTERM");
    expect(await app.exit).toBe(0);
    expect(fateOf(redis)).toBe("gone");
    expect(existsSync(join(folder, ".tensorbell/instance.lock"))).toBe(false);
  });

  it("watches the directories that are named, counted from where the user stands", async () => {
    writeRun("one");
    writeRun("two");
    const app = tensorbell(["start", "logs/two"]);
    await app.says(/Watching .*logs\/two.* 1 run/);
  });

  it("lets no second process use the same home, and says so", async () => {
    mkdirSync(join(folder, "logs"));
    const env = { TENSORBELL_LOG_LEVEL: "info" };
    const first = tensorbell(["start"], env);
    await first.says(/Watching|"msg"/);
    const second = tensorbell(["start"]);
    await second.says(/another TensorBell \(process \d+ on .*TENSORBELL_HOME/);
    expect(await second.exit).toBe(2);
  });

  it("goes on in the same home after a SIGKILL", async () => {
    writeRun("one");
    const first = tensorbell(["start"]);
    await first.says(/Watching .* 1 run/);
    const orphan = redisOf(join(folder, ".tensorbell"));
    first.child.kill("SIGKILL");
    await first.exit;
    const second = tensorbell(["start"]);
    writeRun("two", [NaN, NaN]);
    await second.says(/two .*became NaN/);
    second.child.kill("SIGTERM");
    expect(await second.exit).toBe(0);
    expect(fateOf(orphan)).toBe("gone");
  });

  it("refuses an address of Redis that is none", async () => {
    const app = tensorbell(["start", "."], { REDIS_URL: "http://nowhere" });
    await app.says(/REDIS_URL: expected redis:\/\//);
    expect(await app.exit).toBe(2);
  });

  it("refuses a Redis that may evict what it was told, with the remedy", async () => {
    const url = await startRedis("--maxmemory-policy", "allkeys-lru");
    const app = tensorbell(["start", "."], { REDIS_URL: url });
    await app.says(/maxmemory-policy allkeys-lru.*config set maxmemory-policy noeviction/);
    expect(await app.exit).toBe(2);
  });

  it("waits for a Redis that is away, says so once, and starts when it is there", async () => {
    writeRun("one");
    const app = tensorbell(["start"], { REDIS_URL: `unix://${folder}/redis.sock` });
    await app.says(/waiting_for_redis/);
    await startRedis();
    await app.says(/Watching .* 1 run/);
  });
});

describe("tensorbell demo", () => {
  it("shows an alert with its chart, and leaves nothing behind", async () => {
    const app = tensorbell(["demo"]);
    const [, root = ""] = await app.says(/train below (\S+)\/logs/);
    const [, chart = ""] = await app.says(/(\S+\.png)/);
    await app.says(/(rose|fell) \d times in a row|became NaN/);
    expect(readFileSync(chart).subarray(1, 4).toString()).toBe("PNG");
    app.child.kill("SIGINT");
    expect(await app.exit).toBe(0);
    expect(existsSync(root)).toBe(false);
  });
});

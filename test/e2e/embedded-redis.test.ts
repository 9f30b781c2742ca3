import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startEmbeddedRedis } from "../../src/app/embedded-redis.js";
import type { EmbeddedRedis } from "../../src/app/embedded-redis.js";
import { fateOf, type ProcessIdentity } from "../../src/app/process-identity.js";
import { silentLog } from "../../src/lib/log.js";

let home: string;
const running: EmbeddedRedis[] = [];
const children: ChildProcess[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tb-home-"));
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const redis of running.splice(0)) await redis.stop();
  rmSync(home, { recursive: true, force: true });
});

async function start(at = home): Promise<EmbeddedRedis> {
  const redis = await startEmbeddedRedis({ home: at, log: silentLog });
  running.push(redis);
  return redis;
}

async function using<T>(redis: EmbeddedRedis, work: (client: Redis) => Promise<T>): Promise<T> {
  if (redis.connection.kind !== "single") throw new Error("embedded is a single server");
  const client = new Redis({
    ...redis.connection.options,
    maxRetriesPerRequest: null,
    retryStrategy: () => 20,
  });
  client.on("error", () => undefined);
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}

function server(): ProcessIdentity {
  const record: unknown = JSON.parse(readFileSync(join(home, "redis/server.json"), "utf8"));
  return (record as { server: ProcessIdentity }).server;
}

/** Another process that starts the embedded Redis on the same home and says so. */
async function startElsewhere(): Promise<{ readonly child: ChildProcess; readonly said: string }> {
  const script = join(home, "other.ts");
  const source = new URL("../../src/", import.meta.url).href;
  writeFileSync(
    script,
    `import { startEmbeddedRedis } from "${source}app/embedded-redis.ts";
     import { fateOf, type ProcessIdentity } from "../../src/app/process-identity.js";
import { silentLog } from "${source}lib/log.ts";
     startEmbeddedRedis({ home: ${JSON.stringify(home)}, log: silentLog }).then(
       () => console.log("started"), (error) => { console.log(error.message); process.exit(1); });
     setInterval(() => undefined, 1000);`,
  );
  const child = spawn(process.execPath, ["--import", "tsx", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const said = await new Promise<string>((resolve) => child.stdout.setEncoding("utf8").once("data", resolve));
  return { child, said: said.trim() };
}

function killed(child: ChildProcess): Promise<void> {
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGKILL");
  return gone;
}

describe("the embedded Redis", () => {
  it("listens on a socket that only this user can open, and on no port", async () => {
    const redis = await start();
    expect(redis.connection).toEqual({ kind: "single", options: { path: join(home, "redis/redis.sock") } });
    expect(statSync(join(home, "redis")).mode & 0o777).toBe(0o700);
    expect(statSync(join(home, "redis/redis.sock")).mode & 0o777).toBe(0o600);
    const settings = await using(redis, (client) =>
      client.config("GET", "port", "maxmemory-policy", "appendonly"),
    );
    expect(settings).toEqual(
      expect.arrayContaining(["port", "0", "maxmemory-policy", "noeviction", "appendonly", "yes"]),
    );
  });

  it("keeps what it was told over a stop and a start", async () => {
    const first = await start();
    await using(first, (client) => client.set("answer", "42"));
    const stopped = server();
    await first.stop();
    expect(fateOf(stopped)).toBe("gone");
    const second = await start();
    expect(await using(second, (client) => client.get("answer"))).toBe("42");
  });

  it("refuses a second process on the same folder with a sentence that names the first", async () => {
    await start();
    const { said } = await startElsewhere();
    expect(said).toContain(`another TensorBell (process ${process.pid} on `);
    expect(said).toContain("TENSORBELL_HOME");
  });

  it("is taken over with all its data after the process that started it was killed", async () => {
    const { child, said } = await startElsewhere();
    expect(said).toBe("started");
    const orphan = server();
    const path = join(home, "redis/redis.sock");
    await using(
      { connection: { kind: "single", options: { path } }, stop: () => Promise.resolve() },
      (client) => client.set("answer", "42"),
    );
    await killed(child);
    const redis = await start();
    expect(fateOf(orphan)).toBe("gone");
    expect(server()).not.toEqual(orphan);
    expect(await using(redis, (client) => client.get("answer"))).toBe("42");
  });

  it("ends by itself when the process that started it was killed", async () => {
    const { child } = await startElsewhere();
    const path = join(home, "redis/redis.sock");
    const client = new Redis({ path, retryStrategy: () => null });
    await client.ping();
    const ended = new Promise<void>((resolve) => client.once("end", () => resolve()));
    await killed(child);
    await ended;
  });

  it("comes back on the same socket with its data when the server itself is killed", async () => {
    const redis = await start();
    await using(redis, async (client) => {
      await client.set("answer", "42");
      const again = new Promise<void>((resolve) => client.once("close", () => resolve()));
      process.kill(server().pid, "SIGKILL");
      await again;
      expect(await client.get("answer")).toBe("42");
    });
  });

  it("listens below the temporary folder where the home's path is too long for a socket", async () => {
    const long = join(home, "x".repeat(120));
    mkdirSync(long);
    const redis = await start(long);
    expect(redis.connection.kind === "single" && redis.connection.options.path).not.toContain("xxx");
    expect(await using(redis, (client) => client.ping())).toBe("PONG");
  });

  it("takes over the lock of a process that is no more", async () => {
    const gone = { pid: 2 ** 22 - 1, started: "once", host: (await import("node:os")).hostname() };
    writeFileSync(join(home, "instance.lock"), JSON.stringify(gone));
    const redis = await start();
    expect(await using(redis, (client) => client.ping())).toBe("PONG");
  });

  it("says why the server did not start", async () => {
    const program = join(home, "redis-server");
    writeFileSync(program, "#!/bin/sh\necho no room on this ship\nexit 1\n", { mode: 0o755 });
    await expect(startEmbeddedRedis({ home, log: silentLog, program })).rejects.toThrow(
      "no room on this ship",
    );
  });
});

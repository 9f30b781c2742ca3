import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectRedis, type RedisAddress, type RedisConnection } from "../../src/redis/connection.js";
import { silentLog } from "../../src/lib/log.js";
import { leash } from "./leash.js";

export interface TestRedis {
  readonly address: RedisAddress;
  readonly client: RedisConnection;
  /** Empties the server between tests. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

/** A real redis-server of its own on a unix socket in a throw-away folder. */
export async function startTestRedis(): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), "tb-redis-"));
  const path = join(folder, "s");
  const server = leash(
    spawn(
      process.env["TEST_REDIS_SERVER"] ?? "redis-server",
      [
        "--port",
        "0",
        "--unixsocket",
        path,
        "--dir",
        folder,
        "--save",
        "",
        "--appendonly",
        "no",
        "--maxmemory-policy",
        "noeviction",
      ],
      { stdio: "ignore" },
    ),
  );
  const address: RedisAddress = { kind: "single", options: { path } };
  const client = connectRedis(address, silentLog);
  await client.ping();
  return {
    address,
    client,
    clear: async () => {
      await client.flushall();
    },
    stop: async () => {
      client.disconnect();
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

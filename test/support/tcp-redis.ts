import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { Redis } from "ioredis";
import { throwAwayFolder } from "./bot-process.js";
import { leash } from "./leash.js";

/** A Redis as an operator runs one: on a TCP port, append-only, and it can go away and come back with its data. */
export interface TcpRedis {
  readonly url: string;
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  /** Deletes keys like these; all without a pattern. */
  empty(pattern?: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startTcpRedis(): Promise<TcpRedis> {
  const folder = throwAwayFolder("tb-tcp-redis-");
  const port = await freePort();
  let server: ChildProcess | undefined;
  const comeBack = async (): Promise<void> => {
    const words = [
      "--port",
      String(port),
      "--bind",
      "127.0.0.1",
      "--dir",
      folder.path,
      "--save",
      "",
      "--appendonly",
      "yes",
    ];
    server = leash(
      spawn("redis-server", [...words, "--appendfsync", "always", "--logfile", join(folder.path, "log")], {
        stdio: "ignore",
      }),
    );
    await untilListening(port);
  };
  const goAway = async (): Promise<void> => {
    if (server === undefined) return;
    const ended = once(server, "exit");
    server.kill("SIGKILL");
    await ended;
    server = undefined;
  };
  await comeBack();
  return {
    url: `redis://127.0.0.1:${port}`,
    goAway,
    comeBack,
    empty: async (pattern) => {
      const client = new Redis({ port, host: "127.0.0.1" });
      if (pattern === undefined) await client.flushall();
      else for (const key of await client.keys(pattern)) await client.del(key);
      client.disconnect();
    },
    stop: async () => {
      await goAway();
      folder.remove();
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

export async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const socket = connect(port, "127.0.0.1");
    const up = await Promise.race([
      once(socket, "connect").then(() => true),
      once(socket, "error").then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (up) return;
    if (attempt > 500) throw new Error("redis-server does not listen");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

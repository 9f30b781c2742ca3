import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { throwAwayFolder } from "./bot-process.js";
import { freePort, untilListening } from "./tcp-redis.js";

/** Several servers on loopback as one address. */
export interface RedisFleet {
  readonly url: string;
  /** Kills the server that takes the writes. */
  killPrimary(): Promise<void>;
  stop(): Promise<void>;
}

interface Server {
  readonly port: number;
  readonly child: ChildProcess;
}

/** One primary with a replica, and a Sentinel that makes the replica primary a second after the other is gone. */
export async function startSentinelFleet(): Promise<RedisFleet> {
  const folder = throwAwayFolder("tb-sentinel-");
  const primary = await startServer(folder.path, []);
  const replica = await startServer(folder.path, ["--replicaof", "127.0.0.1", String(primary.port)]);
  const config = join(folder.path, "sentinel.conf");
  const port = await freePort();
  writeFileSync(
    config,
    [
      `port ${port}`,
      "bind 127.0.0.1",
      `dir ${folder.path}`,
      `sentinel monitor main 127.0.0.1 ${primary.port} 1`,
      "sentinel down-after-milliseconds main 1000",
      "sentinel failover-timeout main 3000",
      "",
    ].join("\n"),
  );
  const sentinel = await startWith(port, [config, "--sentinel"]);
  await until(async () =>
    /slave0:.*state=online/.test(String(await askAt(primary.port, "INFO", "replication"))),
  );
  await until(async () =>
    JSON.stringify(await askAt(port, "SENTINEL", "replicas", "main")).includes(String(replica.port)),
  );
  return fleet(`redis+sentinel://127.0.0.1:${port}/main`, [primary, replica, sentinel], folder);
}

const slots = 16_384;

/** A Cluster of three primaries without replicas. */
export async function startClusterFleet(): Promise<RedisFleet> {
  const folder = throwAwayFolder("tb-cluster-");
  const servers: Server[] = [];
  const buses: number[] = [];
  for (let node = 0; node < 3; node += 1) {
    const bus = await freePort();
    const own = ["--cluster-config-file", `nodes-${node}.conf`, "--cluster-port", String(bus)];
    servers.push(await startServer(folder.path, ["--cluster-enabled", "yes", ...own]));
    buses.push(bus);
  }
  const [first] = servers;
  if (first === undefined) throw new Error("a Cluster has nodes");
  const share = Math.ceil(slots / servers.length);
  for (const [index, { port }] of servers.entries()) {
    const range = [index * share, Math.min(slots, (index + 1) * share) - 1];
    await askAt(port, "CLUSTER", "ADDSLOTSRANGE", ...range.map(String));
    if (port === first.port) continue;
    await askAt(first.port, "CLUSTER", "MEET", "127.0.0.1", String(port), String(buses[index]));
  }
  for (const { port } of servers)
    await until(async () => {
      const state = String(await askAt(port, "CLUSTER", "INFO"));
      return state.includes("cluster_state:ok") && state.includes(`cluster_known_nodes:${servers.length}`);
    });
  return fleet(
    `redis+cluster://${servers.map(({ port }) => `127.0.0.1:${port}`).join(",")}`,
    servers,
    folder,
  );
}

function fleet(url: string, servers: readonly Server[], folder: { remove(): void }): RedisFleet {
  const kill = async ({ child }: Server): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  return {
    url,
    killPrimary: () => kill(servers[0] as Server),
    stop: async () => {
      await Promise.all(servers.map(kill));
      folder.remove();
    },
  };
}

async function startServer(folder: string, words: readonly string[]): Promise<Server> {
  const port = await freePort();
  const own = [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--dir",
    folder,
    "--save",
    "",
    "--dbfilename",
    `${port}.rdb`,
  ];
  return startWith(port, [...own, "--appendonly", "yes", "--appenddirname", `aof-${port}`, ...words]);
}

async function startWith(port: number, words: readonly string[]): Promise<Server> {
  const child = spawn("redis-server", words, { stdio: "ignore" });
  const leave = (): boolean => child.kill("SIGKILL");
  process.once("exit", leave);
  child.once("exit", () => process.off("exit", leave));
  await untilListening(port);
  return { port, child };
}

async function askAt(port: number, command: string, ...words: readonly string[]): Promise<unknown> {
  const client = new Redis({ port, host: "127.0.0.1", lazyConnect: true });
  try {
    await client.connect();
    return await client.call(command, ...words);
  } finally {
    client.disconnect();
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    if (await holds().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the servers do not come together");
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { throwAwayFolder } from "./bot-process.js";
import { leash } from "./leash.js";
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
  return fleetOf("tb-sentinel-", sentinelOf);
}

async function sentinelOf({ folder, start, startWith }: Yard): Promise<string> {
  const primary = await start([]);
  const replica = await start(["--replicaof", "127.0.0.1", String(primary.port)]);
  const config = join(folder, "sentinel.conf");
  const port = await freePort();
  writeFileSync(
    config,
    [
      `port ${port}`,
      "bind 127.0.0.1",
      `dir ${folder}`,
      `sentinel monitor main 127.0.0.1 ${primary.port} 1`,
      "sentinel down-after-milliseconds main 1000",
      "sentinel failover-timeout main 3000",
      "",
    ].join("\n"),
  );
  await startWith(port, [config, "--sentinel"]);
  await until(async () =>
    /slave0:.*state=online/.test(String(await askAt(primary.port, "INFO", "replication"))),
  );
  await until(async () =>
    JSON.stringify(await askAt(port, "SENTINEL", "replicas", "main")).includes(String(replica.port)),
  );
  return `redis+sentinel://127.0.0.1:${port}/main`;
}

const slots = 16_384;

/** A Cluster of three primaries without replicas. */
export async function startClusterFleet(): Promise<RedisFleet> {
  return fleetOf("tb-cluster-", clusterOf);
}

async function clusterOf({ start }: Yard): Promise<string> {
  const servers: Server[] = [];
  const buses: number[] = [];
  for (let node = 0; node < 3; node += 1) {
    const bus = await freePort();
    const own = ["--cluster-config-file", `nodes-${node}.conf`, "--cluster-port", String(bus)];
    servers.push(await start(["--cluster-enabled", "yes", ...own]));
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
  return `redis+cluster://${servers.map(({ port }) => `127.0.0.1:${port}`).join(",")}`;
}

/** Where the servers of one fleet are started; all of them end with it, also where the fleet does not come together. */
interface Yard {
  readonly folder: string;
  readonly start: (words: readonly string[]) => Promise<Server>;
  readonly startWith: (port: number, words: readonly string[]) => Promise<Server>;
}

async function fleetOf(prefix: string, urlOf: (yard: Yard) => Promise<string>): Promise<RedisFleet> {
  const folder = throwAwayFolder(prefix);
  const servers: Server[] = [];
  const startWith: Yard["startWith"] = async (port, words) => {
    const server = { port, child: leash(spawn("redis-server", words, { stdio: "ignore" })) };
    servers.push(server);
    await untilListening(port);
    return server;
  };
  const start: Yard["start"] = async (words) => {
    const port = await freePort();
    return startWith(port, [...settings(port, folder.path), ...words]);
  };
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map(kill));
    folder.remove();
  };
  try {
    const url = await urlOf({ folder: folder.path, start, startWith });
    return { url, killPrimary: () => kill(servers[0] as Server), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function kill({ child }: Server): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

function settings(port: number, folder: string): readonly string[] {
  return Object.entries({
    port: String(port),
    bind: "127.0.0.1",
    dir: folder,
    save: "",
    dbfilename: `${port}.rdb`,
    appendonly: "yes",
    appenddirname: `aof-${port}`,
  }).flatMap(([name, value]) => [`--${name}`, value]);
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

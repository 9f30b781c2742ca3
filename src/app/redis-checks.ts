import { Cluster, Redis } from "ioredis";
import type { RedisAddress, RedisConnection } from "../redis/connection.js";

/** What is wrong with a Redis for this product, as sentences with remedies; `warnings` do not keep it from working. */
export interface RedisReport {
  readonly version: string;
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

export type RedisReach =
  | { readonly kind: "reached"; readonly report: RedisReport }
  | { readonly kind: "away"; readonly reason: string };

/** Looks at every master behind the connection; waits for ever while Redis is away, as the connection does. */
export async function checkRedis(connection: RedisConnection): Promise<RedisReport> {
  if (connection instanceof Redis) return judgeRedis(await connection.info());
  const reports = await Promise.all(
    connection.nodes("master").map(async (node) => judgeRedis(await node.info())),
  );
  return {
    version: reports[0]?.version ?? "unknown",
    faults: [...new Set(reports.flatMap((report) => report.faults))],
    warnings: [...new Set(reports.flatMap((report) => report.warnings))],
  };
}

/** One attempt with a connection of its own, for diagnosis: away is an answer here. */
export async function reachRedis(address: RedisAddress, timeoutMs: number): Promise<RedisReach> {
  const options = {
    ...address.options,
    lazyConnect: true,
    connectTimeout: timeoutMs,
    maxRetriesPerRequest: 0,
  };
  const client =
    address.kind === "single"
      ? new Redis({ ...options, retryStrategy: () => null, sentinelRetryStrategy: () => null })
      : new Cluster([...address.nodes], {
          redisOptions: options,
          lazyConnect: true,
          clusterRetryStrategy: () => null,
        });
  let reason = "no answer in time";
  client.on("error", (error: Error) => (reason = error.message));
  const late = new Promise<"late">((resolve) => setTimeout(() => resolve("late"), timeoutMs).unref());
  try {
    const report = await Promise.race([client.connect().then(() => checkRedis(client)), late]);
    return report === "late" ? { kind: "away", reason } : { kind: "reached", report };
  } catch (error) {
    if (reason === "no answer in time" && error instanceof Error) reason = error.message;
    return { kind: "away", reason };
  } finally {
    client.disconnect();
  }
}

/** Judges the text of `INFO`: version 6.2 or later, nothing evicted, a master. */
export function judgeRedis(info: string): RedisReport {
  const facts = new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(":");
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)] as const] : [];
    }),
  );
  const version = facts.get("valkey_version") ?? facts.get("redis_version") ?? "unknown";
  const faults: string[] = [];
  const warnings: string[] = [];
  if (tooOld(facts.get("redis_version"))) {
    faults.push(`Redis ${version} is too old: install 6.2 or later (or Valkey), or point REDIS_URL at one.`);
  }
  const policy = facts.get("maxmemory_policy");
  if (policy !== undefined && policy !== "noeviction") {
    faults.push(
      `Redis may evict what it was told to keep (maxmemory-policy ${policy}): run \`redis-cli config set maxmemory-policy noeviction\` and set it in redis.conf.`,
    );
  }
  if (facts.get("role") === "slave") {
    faults.push(
      "this Redis is a replica and takes no writes: point REDIS_URL at the master, or use redis+sentinel://.",
    );
  }
  if (facts.get("aof_enabled") === "0") {
    warnings.push(
      "Redis keeps no append-only file: what was written since its last snapshot is lost when it dies (`appendonly yes`).",
    );
  }
  return { version, faults, warnings };
}

function tooOld(version: string | undefined): boolean {
  const [major = 0, minor = 0] = (version ?? "").split(".").map(Number);
  return major < 6 || (major === 6 && minor < 2);
}

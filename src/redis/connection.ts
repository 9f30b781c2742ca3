import { Cluster, Redis, type RedisOptions } from "ioredis";
import type { Log } from "../lib/log.js";

/** A client of one server, a Sentinel group or a Cluster; the stores do not care which. */
export type RedisConnection = Redis | Cluster;

/** ioredis' options without the one of its reply dialects that this code never sets. */
export type ServerOptions = Omit<RedisOptions, "replyMapping">;

/** How to reach Redis; made from `REDIS_URL` or by the embedded server. */
export type RedisAddress =
  | { readonly kind: "single"; readonly options: ServerOptions }
  | {
      readonly kind: "cluster";
      readonly nodes: readonly { readonly host: string; readonly port: number }[];
      readonly options: ServerOptions;
    };

/**
 * Connects and keeps reconnecting: while Redis is away commands wait, nothing is lost, and the log says so once
 * when it goes and once when it is back.
 */
export function connectRedis(address: RedisAddress, log: Log): RedisConnection {
  const shared: ServerOptions = {
    ...address.options,
    maxRetriesPerRequest: null,
    retryStrategy: (tries) => Math.min(50 * 2 ** Math.min(tries, 6), 2_000),
  };
  const connection =
    address.kind === "single"
      ? new Redis(shared)
      : new Cluster([...address.nodes], {
          redisOptions: shared,
          clusterRetryStrategy: (tries) => Math.min(100 * tries, 2_000),
        });
  let away = false;
  connection.on("error", (error: Error) => {
    if (!away) log.warn({ reason: error.message }, "redis_away");
    away = true;
  });
  connection.on("ready", () => {
    if (away) log.info({}, "redis_back");
    away = false;
  });
  return connection;
}

/** What the job queues connect with: options of their own for one server (they open several connections), a client for a Cluster. */
export function queueConnection(address: RedisAddress, log: Log): ServerOptions | RedisConnection {
  return address.kind === "single"
    ? { ...address.options, maxRetriesPerRequest: null }
    : connectRedis(address, log);
}

import { setTimeout as sleep } from "node:timers/promises";
import { createApp } from "../app/create-app.js";
import type { Config } from "../app/config.js";
import { startEmbeddedRedis } from "../app/embedded-redis.js";
import type { Environment } from "../app/environment.js";
import { parseRedisUrl } from "../app/redis-address.js";
import { reachRedis } from "../app/redis-checks.js";
import { StartProblem } from "../app/start-problem.js";
import { systemClock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import type { RedisAddress } from "../redis/connection.js";
import { stopSignal } from "./stop-signal.js";

export interface AppRun {
  readonly config: Config;
  readonly environment: Environment;
  readonly log: Log;
  /** Runs beside the app from when it is up until the signal; the demo's training. */
  readonly beside?: (signal: AbortSignal) => Promise<void>;
}

/** Runs the product until a signal asks it to stop; everything it started is stopped again, in reverse order. */
export async function runApp(run: AppRun): Promise<void> {
  const { config, environment, log, beside } = run;
  const signal = stopSignal();
  const redis = await openRedis(environment, log, signal);
  if (redis === undefined) return;
  try {
    const app = createApp({ config, environment, redis: redis.connection, log, clock: systemClock });
    await app.start();
    try {
      await Promise.all([aborted(signal), beside?.(signal)]);
    } finally {
      await app.stop();
    }
  } finally {
    await redis.stop();
  }
}

interface OpenRedis {
  readonly connection: RedisAddress;
  stop(): Promise<void>;
}

/** The embedded server, or the one of REDIS_URL once it answers and is fit; undefined when stopped while waiting. */
async function openRedis(
  environment: Environment,
  log: Log,
  signal: AbortSignal,
): Promise<OpenRedis | undefined> {
  if (environment.redisUrl === undefined) return startEmbeddedRedis({ home: environment.home, log });
  const parsed = parseRedisUrl(environment.redisUrl.reveal());
  if (parsed.kind === "problem") throw new StartProblem(parsed.sentence);
  for (let tries = 0; !signal.aborted; tries += 1) {
    const reach = await reachRedis(parsed.address, 5_000);
    if (reach.kind === "reached") {
      const { faults, warnings } = reach.report;
      if (faults.length > 0) throw new StartProblem(faults.join("\n  "));
      for (const warning of warnings) log.warn({ redis: parsed.shown, warning }, "redis_warning");
      return { connection: parsed.address, stop: () => Promise.resolve() };
    }
    if (tries === 0) log.warn({ redis: parsed.shown, reason: reach.reason }, "waiting_for_redis");
    await sleep(1_000, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

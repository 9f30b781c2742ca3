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

const stopWithinMs = 15_000;

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
      const late = sleep(stopWithinMs, "late", { ref: false });
      // A Redis that went away lets nothing end; what it holds is picked up by the next start.
      if ((await Promise.race([app.stop(), late])) === "late")
        log.warn({ stopWithinMs }, "stopped_unfinished");
    }
  } finally {
    await redis.stop();
  }
}

interface OpenRedis {
  readonly connection: RedisAddress;
  /** Its address without a password. */
  readonly shown: string;
  stop(): Promise<void>;
}

/** The embedded server, or the one of REDIS_URL once it answers; undefined when stopped while waiting for it. */
async function openRedis(
  environment: Environment,
  log: Log,
  signal: AbortSignal,
): Promise<OpenRedis | undefined> {
  const opened = await openServer(environment, log);
  for (let tries = 0; !signal.aborted; tries += 1) {
    const reach = await reachRedis(opened.connection, 5_000);
    if (reach.kind === "reached") {
      if (reach.report.faults.length === 0) {
        for (const warning of reach.report.warnings) log.warn({ warning }, "redis_warning");
        return opened;
      }
      await opened.stop();
      throw new StartProblem(reach.report.faults.join("\n  "));
    }
    if (tries === 0) log.warn({ redis: opened.shown, reason: reach.reason }, "waiting_for_redis");
    await sleep(1_000, undefined, { signal }).catch(() => undefined);
  }
  await opened.stop();
  return undefined;
}

async function openServer({ redisUrl, home }: Environment, log: Log): Promise<OpenRedis> {
  if (redisUrl === undefined) return { ...(await startEmbeddedRedis({ home, log })), shown: home };
  const parsed = parseRedisUrl(redisUrl.reveal());
  if (parsed.kind === "problem") throw new StartProblem(parsed.sentence);
  return { connection: parsed.address, shown: parsed.shown, stop: () => Promise.resolve() };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

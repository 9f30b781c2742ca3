import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../app/config.js";
import type { Environment } from "../app/environment.js";
import { parseRedisUrl } from "../app/redis-address.js";
import { reachRedis } from "../app/redis-checks.js";
import { quotaMonth } from "../chat/dingtalk/budget.js";
import { systemClock } from "../lib/clock.js";
import { silentLog } from "../lib/log.js";
import { formatCount } from "../message/format-number.js";
import { connectRedis, type RedisAddress } from "../redis/connection.js";
import { createRedisQuotaStore } from "../redis/quota-store.js";
import type { Check } from "./doctor-check.js";

/** What is left of the month's quota, as TensorBell counted it; it keeps the count in its Redis. */
export async function checkBudget(environment: Environment, { dingtalk }: Config): Promise<Check> {
  const name = "dingtalk budget";
  const address = redisOf(environment);
  if (address === undefined || (await reachRedis(address, 3_000)).kind === "away") {
    const remedy = "it is counted while TensorBell runs: ask `@TensorBell quota` in the group";
    return { name, state: "note", found: "TensorBell is not running here", remedy };
  }
  const redis = connectRedis(address, silentLog);
  try {
    const spent = await createRedisQuotaStore(redis).read(quotaMonth(systemClock.now()));
    const { apiBudget, messageBudget } = dingtalk;
    const found = `this month ${share(spent.api, apiBudget)} API calls, ${share(spent.webhookStream, messageBudget)} messages`;
    const scarce = isScarce(spent.api, apiBudget) || isScarce(spent.webhookStream, messageBudget);
    if (!scarce) return { name, state: "ok", found };
    const remedy =
      "above 95 % only critical alerts are sent until the month ends: buy a larger quota and raise dingtalk.apiBudget and dingtalk.messageBudget, or route fewer alerts here";
    return { name, state: "note", found, remedy };
  } finally {
    redis.disconnect();
  }
}

function redisOf({ redisUrl, home }: Environment): RedisAddress | undefined {
  if (redisUrl !== undefined) {
    const parsed = parseRedisUrl(redisUrl.reveal());
    return parsed.kind === "problem" ? undefined : parsed.address;
  }
  const path = join(home, "redis", "redis.sock");
  return existsSync(path) ? { kind: "single", options: { path } } : undefined;
}

function share(spent: number, budget: number): string {
  return budget === 0 ? formatCount(spent) : `${formatCount(spent)} of ${formatCount(budget)}`;
}

function isScarce(spent: number, budget: number): boolean {
  return budget > 0 && spent / budget >= 0.8;
}

import { describe, expect, it } from "vitest";
import { judgeRedis } from "../../../src/app/redis-checks.js";

const good = ["redis_version:7.0.15", "maxmemory_policy:noeviction", "role:master", "aof_enabled:1"];

function judge(...lines: readonly string[]) {
  return judgeRedis(["# Server", ...good, ...lines].join("\r\n"));
}

describe("a Redis that is to hold everything", () => {
  it("is fit with version 6.2 or later, no eviction, and an append-only file", () => {
    expect(judge()).toEqual({ version: "7.0.15", faults: [], warnings: [] });
  });

  it.each(["6.0.16", "5.0.7", "6.1.240"])("is too old as version %s", (version) => {
    expect(judge(`redis_version:${version}`).faults).toEqual([
      `Redis ${version} is too old: install 6.2 or later (or Valkey), or point REDIS_URL at one.`,
    ]);
  });

  it("is judged by the version of Redis that Valkey stands for, and shown with its own", () => {
    expect(judge("redis_version:7.2.4", "server_name:valkey", "valkey_version:8.1.0")).toMatchObject({
      version: "8.1.0",
      faults: [],
    });
  });

  it("must not evict, be a replica, and should keep a file", () => {
    const { faults, warnings } = judge("maxmemory_policy:allkeys-lru", "role:slave", "aof_enabled:0");
    expect(faults.join(" ")).toMatch(/allkeys-lru.*replica/);
    expect(warnings).toHaveLength(1);
  });
});

import { describe, expect, it } from "vitest";
import { parseRedisUrl } from "../../../src/app/redis-address.js";

describe("REDIS_URL", () => {
  it.each([
    ["redis://localhost", { kind: "single", options: { host: "localhost", port: 6379 } }],
    ["redis://10.0.0.1:7000/2", { kind: "single", options: { host: "10.0.0.1", port: 7000, db: 2 } }],
    ["redis://[::1]:7000", { kind: "single", options: { host: "::1", port: 7000 } }],
    ["redis://:p%40ss@h", { kind: "single", options: { password: "p@ss", host: "h", port: 6379 } }],
    [
      "redis://me:a:b@h",
      { kind: "single", options: { username: "me", password: "a:b", host: "h", port: 6379 } },
    ],
    ["rediss://h", { kind: "single", options: { tls: {}, host: "h", port: 6379 } }],
    ["unix:///run/redis.sock", { kind: "single", options: { path: "/run/redis.sock" } }],
    [
      "redis+sentinel://:pw@h1,h2:26380/main/1",
      {
        kind: "single",
        options: {
          password: "pw",
          db: 1,
          name: "main",
          sentinels: [
            { host: "h1", port: 26379 },
            { host: "h2", port: 26380 },
          ],
        },
      },
    ],
    [
      "redis+sentinel://h1/main?sentinelPassword=s",
      {
        kind: "single",
        options: { name: "main", sentinels: [{ host: "h1", port: 26379 }], sentinelPassword: "s" },
      },
    ],
    [
      "rediss+cluster://h1,h2:7001",
      {
        kind: "cluster",
        options: { tls: {} },
        nodes: [
          { host: "h1", port: 6379 },
          { host: "h2", port: 7001 },
        ],
      },
    ],
  ])("%s is understood", (url, address) => {
    expect(parseRedisUrl(url)).toMatchObject({ kind: "ok", address });
  });

  it.each([
    ["http://h", "expected redis://, rediss://, redis+sentinel:// or redis+cluster://"],
    ["localhost:6379", "expected redis://, rediss://, redis+sentinel:// or redis+cluster://"],
    ["redis://", "expected a host such as localhost or localhost:6379"],
    ["redis://h:99999", "expected a host such as localhost or localhost:6379"],
    ["redis://h1,h2", "one server has one host; for several, redis+cluster://"],
    ["redis://h/zero", "expected at most a database number behind the host"],
    ["redis+cluster://h/1", "a Cluster has only database 0"],
    ["redis+sentinel://h1,h2", "a Sentinel address ends with the group's name: …/mymaster"],
    ["redis://:%zz@h", "the user or password is not percent-encoded properly"],
  ])("%s is refused with the reason", (url, reason) => {
    expect(parseRedisUrl(url)).toEqual({ kind: "problem", sentence: `REDIS_URL: ${reason}` });
  });

  it("is shown without its password", () => {
    expect(parseRedisUrl("redis://me:hush@h:1/2")).toMatchObject({ shown: "redis://h:1/2" });
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseConfig } from "../../src/app/config.js";
import { readEnvironment } from "../../src/app/environment.js";
import { quotaMonth } from "../../src/chat/dingtalk/budget.js";
import { checkBudget } from "../../src/cli/doctor-budget.js";
import { checkDingTalk } from "../../src/cli/doctor-dingtalk.js";
import { createRedisQuotaStore } from "../../src/redis/quota-store.js";
import { startTestRedis } from "../support/test-redis.js";
import { type FakeDingTalk, startFakeDingTalk } from "../support/fake-dingtalk/fake-dingtalk.js";

describe("what doctor says of DingTalk", () => {
  let fake: FakeDingTalk;
  beforeEach(async () => {
    fake = await startFakeDingTalk();
  });
  afterEach(() => fake.stop());

  const look = async (env: Readonly<Record<string, string>>, yaml = "") => {
    const read = readEnvironment({ HOME: "/tmp", ...env }, "/");
    const config = parseConfig(yaml, undefined, "/");
    if (read.kind !== "ok" || config.kind !== "ok") throw new Error("the test's own set-up is refused");
    const checks = await checkDingTalk(read.environment, config.config);
    return checks.map(
      ({ name, state, remedy }) =>
        `${name}: ${state}${remedy === undefined ? "" : ` → ${remedy.slice(0, 40)}`}`,
    );
  };

  it("nothing wrong where everything is right, and every line is closed again", async () => {
    const yaml = "dingtalk: { cardTemplateId: fake-template.schema, ding: app }";
    expect(await look({ ...fake.env, DINGTALK_CONVERSATION: fake.group, ...fake.webhookEnv }, yaml)).toEqual([
      "dingtalk credentials: ok",
      "dingtalk clock: ok",
      "dingtalk pictures: ok",
      "dingtalk address: ok",
      "dingtalk stream: ok",
      "dingtalk send: ok",
      "dingtalk cards: ok",
      "dingtalk ding: ok",
      "dingtalk group: ok",
      "dingtalk version: note → publish a version after every change of ",
      "dingtalk budget: note → it is counted while TensorBell runs: ask",
      "dingtalk webhook: ok",
    ]);
    expect(fake.world.quota.api).toBe(4);
    await fake.until(() => fake.gateway.open === 0);
    expect(fake.messages()).toEqual([]);
    expect(fake.problems()).toEqual([]);
  });

  it("off where nothing is set", async () => {
    expect(await look({})).toEqual(["dingtalk: ok"]);
  });

  it.each([
    [
      "a wrong secret",
      { DINGTALK_CLIENT_SECRET: "wrong" },
      /^dingtalk credentials: fault → copy DINGTALK_CLIENT_ID/,
    ],
    [
      "half of the credentials",
      { DINGTALK_CLIENT_SECRET: "" },
      /^dingtalk: fault → DINGTALK_CLIENT_SECRET is missing/,
    ],
    [
      "a group without the robot",
      { DINGTALK_CONVERSATION: "cidElsewhere==" },
      /^dingtalk group: fault → add the robot/,
    ],
    [
      "a host of pictures and replies that cannot be reached",
      { DINGTALK_OAPI_URL: "http://127.0.0.1:2" },
      /^dingtalk pictures: fault → let this machine reach oapi/,
    ],
    [
      "a custom robot's secret without its address",
      { DINGTALK_WEBHOOK_SECRET: "SECabc" },
      /^dingtalk: fault → DINGTALK_WEBHOOK_SECRET is set, and DI/,
    ],
    ["no group", { DINGTALK_CONVERSATION: "" }, /^dingtalk group: fault → write `@TensorBell whoami`/],
    [
      "an address that is no robot's",
      { DINGTALK_WEBHOOK_URL: "https://example.org" },
      /^dingtalk: fault → DINGTALK_WEBHOOK_URL/,
    ],
  ])("what to do about %s", async (_what, env, line) => {
    const lines = await look({ ...fake.env, DINGTALK_CONVERSATION: fake.group, ...env });
    expect(lines.find((one) => one.includes("fault"))).toMatch(line);
  });

  it("what to do where Stream mode is not allowed", async () => {
    fake.gateway.mode = "refuse";
    const lines = await look({ ...fake.env, DINGTALK_CONVERSATION: fake.group });
    expect(lines).toContain("dingtalk stream: fault → in the developer console: add a robot th");
  });

  it.each([
    ["dingtalk send", "/v1.0/robot/groupMessages/send", "qyapi_robot_sendmsg"],
    ["dingtalk cards", "/v1.0/card/instances", "Card.Instance.Write"],
    ["dingtalk ding", "/v1.0/robot/ding/recall", "Premium.Ding.Write"],
    ["dingtalk group", "/v1.0/robot/groups/robots/query", "Robot.Group.Read"],
  ])("%s: which permission to grant", async (name, path, scope) => {
    const body = {
      code: "Forbidden.AccessDenied.AccessTokenPermissionDenied",
      message: "no",
      accessdenieddetail: { requiredScopes: [scope] },
    };
    fake.faults.next(path, { kind: "answer", status: 403, body });
    const yaml = "dingtalk: { cardTemplateId: fake-template.schema, ding: app }";
    const lines = await look({ ...fake.env, DINGTALK_CONVERSATION: fake.group }, yaml);
    expect(lines.filter((line) => line.includes(": fault"))).toEqual([
      expect.stringMatching(`^${name}: fault → in the developer console, permissions`) as string,
    ]);
  });

  it("what to do where this machine's address is not on the list, and nothing after it", async () => {
    const body = { code: "Forbidden.AccessDenied.IpNotInWhiteList", message: "no" };
    fake.faults.next("/v1.0/robot/groupMessages/send", { kind: "answer", status: 403, body });
    expect(await look({ ...fake.env, DINGTALK_CONVERSATION: fake.group })).toEqual([
      "dingtalk credentials: ok",
      "dingtalk clock: ok",
      "dingtalk pictures: ok",
      "dingtalk address: fault → in the developer console, security setti",
    ]);
  });

  it("what to do about a clock that is wrong", async () => {
    await fake.stop();
    fake = await startFakeDingTalk({ now: () => Date.now() + 7_200_000 });
    const lines = await look({ ...fake.env, DINGTALK_CONVERSATION: fake.group });
    expect(lines).toContain("dingtalk clock: fault → set it by a time server: a custom robot'");
  });

  it("what is left of the month, from where TensorBell counts it", async () => {
    const redis = await startTestRedis();
    const path = redis.address.kind === "single" ? (redis.address.options.path ?? "") : "";
    await createRedisQuotaStore(redis.client).add(quotaMonth(Date.now()), "api", 4_100);
    const read = readEnvironment({ HOME: "/tmp", ...fake.env, REDIS_URL: `unix://${path}` }, "/");
    const config = parseConfig("", undefined, "/");
    if (read.kind !== "ok" || config.kind !== "ok") throw new Error("the test's own set-up is refused");
    expect(await checkBudget(read.environment, config.config)).toMatchObject({
      state: "note",
      found: "this month 4,100 of 5,000 API calls, 0 of 3,000 messages",
    });
    await redis.stop();
  });
});

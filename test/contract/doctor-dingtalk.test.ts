import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseConfig } from "../../src/app/config.js";
import { readEnvironment } from "../../src/app/environment.js";
import { checkDingTalk } from "../../src/cli/doctor-dingtalk.js";
import { type FakeDingTalk, startFakeDingTalk } from "../support/fake-dingtalk/fake-dingtalk.js";

describe("what doctor says of DingTalk", () => {
  let fake: FakeDingTalk;
  beforeEach(async () => {
    fake = await startFakeDingTalk();
  });
  afterEach(() => fake.stop());

  const look = async (env: Readonly<Record<string, string>>) => {
    const read = readEnvironment({ HOME: "/tmp", ...env }, "/");
    const config = parseConfig("", undefined, "/");
    if (read.kind !== "ok" || config.kind !== "ok") throw new Error("the test's own set-up is refused");
    const checks = await checkDingTalk(read.environment, config.config);
    return checks.map(
      ({ name, state, remedy }) =>
        `${name}: ${state}${remedy === undefined ? "" : ` → ${remedy.slice(0, 40)}`}`,
    );
  };

  it("nothing wrong where everything is right, and every line is closed again", async () => {
    expect(await look({ ...fake.env, DINGTALK_CONVERSATION: fake.group, ...fake.webhookEnv })).toEqual([
      "dingtalk credentials: ok",
      "dingtalk stream: ok",
      "dingtalk group: ok",
      "dingtalk webhook: ok",
    ]);
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
});

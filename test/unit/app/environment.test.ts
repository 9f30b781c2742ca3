import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { describe, expect, it } from "vitest";
import { readEnvironment } from "../../../src/app/environment.js";
import { variables } from "../../../src/app/environment-variables.js";

const project = new URL("../../../", import.meta.url);

describe("the environment", () => {
  it("has a default for everything", () => {
    const result = readEnvironment({}, "/work");
    expect(result).toMatchObject({
      kind: "ok",
      environment: { home: `${homedir()}/.tensorbell`, logLevel: "info", variables: {} },
    });
  });

  it("takes an empty variable for an unset one", () => {
    expect(readEnvironment({ REDIS_URL: "", TENSORBELL_LOG_LEVEL: " " }, "/")).toMatchObject({
      environment: { redisUrl: undefined, logLevel: "info" },
    });
  });

  it("counts relative paths from where the user stands", () => {
    expect(readEnvironment({ TENSORBELL_HOME: "data", TENSORBELL_CONFIG: "a.yaml" }, "/here")).toMatchObject({
      environment: { home: "/here/data", configFile: "/here/a.yaml" },
    });
  });

  it("takes a place's id as `whoami` shows it", () => {
    const env = { DINGTALK_CONVERSATION: "dingtalk:cidA1b2C3d4==", SLACK_CHANNEL: "C0123456789" };
    expect(readEnvironment(env, "/")).toMatchObject({
      environment: { variables: { DINGTALK_CONVERSATION: "cidA1b2C3d4==", SLACK_CHANNEL: "C0123456789" } },
    });
  });

  it("names all problems at once and shows no secret", () => {
    const env = {
      TENSORBELL_LOG_LEVEL: "loud",
      TENSORBOARD_URL: "nowhere",
      SLACK_BOT_TOKEN_FILE: "/does/not/exist",
    };
    expect(readEnvironment(env, "/")).toEqual({
      kind: "problems",
      problems: [
        "SLACK_BOT_TOKEN_FILE: cannot read /does/not/exist (ENOENT)",
        'TENSORBELL_LOG_LEVEL: expected debug, info, warn, error, silent, found "loud"',
        'TENSORBOARD_URL: expected an address with http:// or https://, found "nowhere"',
      ],
    });
  });

  it("wraps the address of Redis, which may hold a password", () => {
    const result = readEnvironment({ REDIS_URL: "redis://:hush@host" }, "/");
    if (result.kind !== "ok") throw new Error("expected to be read");
    expect(String(result.environment.redisUrl)).toBe("[secret]");
    expect(result.environment.redisUrl?.reveal()).toBe("redis://:hush@host");
  });

  it.each(variables.map(({ name, sentence }) => [name, sentence]))(
    "is explained in .env.example: %s",
    (name, sentence) => {
      expect(readFileSync(new URL(".env.example", project), "utf8")).toContain(`# ${sentence}\n# ${name}=\n`);
    },
  );

  it("has no variable in .env.example that nobody reads", () => {
    const listed = [...readFileSync(new URL(".env.example", project), "utf8").matchAll(/^# ([A-Z_]+)=$/gm)];
    expect(listed.map(([, name]) => name)).toEqual(variables.map(({ name }) => name));
  });
});

import { inspect } from "node:util";

import { describe, expect, it } from "vitest";

import { readSlackOptions } from "../../../../src/chat/slack/slack-config.js";

const bot = "xoxb-1-secret-bot";
const app = "xapp-1-secret-app";

describe("Slack's part of the environment", () => {
  it("is off without tokens, whatever else is set", () => {
    expect(readSlackOptions({ SLACK_API_URL: "http://localhost/api" })).toEqual({ kind: "off" });
    expect(readSlackOptions({ SLACK_BOT_TOKEN: "  ", SLACK_APP_TOKEN: "" })).toEqual({ kind: "off" });
  });

  it("is on with both, at Slack itself unless told otherwise, and prints no secret", () => {
    const config = readSlackOptions({ SLACK_BOT_TOKEN: ` ${bot}\n`, SLACK_APP_TOKEN: app });
    if (config.kind !== "on") throw new Error(JSON.stringify(config));
    expect(config.options).toMatchObject({ apiUrl: "https://slack.com/api/", command: "/tb" });
    expect(config.options.botToken.reveal()).toBe(bot);
    expect(inspect(config) + JSON.stringify(config)).not.toContain("secret-");
  });

  it("puts the slash at the end of another server's address, and is lenient about its tokens", () => {
    const config = readSlackOptions({
      SLACK_BOT_TOKEN: "anything",
      SLACK_APP_TOKEN: "else",
      SLACK_API_URL: "http://127.0.0.1:9/api",
    });
    expect(config).toMatchObject({ kind: "on", options: { apiUrl: "http://127.0.0.1:9/api/" } });
  });

  it.each([
    ["no app token", { SLACK_BOT_TOKEN: bot }, "SLACK_APP_TOKEN is missing"],
    ["no bot token", { SLACK_APP_TOKEN: app }, "SLACK_BOT_TOKEN is missing"],
    ["swapped", { SLACK_BOT_TOKEN: app, SLACK_APP_TOKEN: bot }, "are swapped"],
    ["the app token twice", { SLACK_BOT_TOKEN: app, SLACK_APP_TOKEN: app }, "holds an app-level token"],
    [
      "the bot token twice",
      { SLACK_BOT_TOKEN: bot, SLACK_APP_TOKEN: bot },
      "the app-level token starts with xapp-",
    ],
    ["a user token", { SLACK_BOT_TOKEN: "xoxp-1", SLACK_APP_TOKEN: app }, "user token"],
    ["a token that expires", { SLACK_BOT_TOKEN: "xoxe.xoxb-1", SLACK_APP_TOKEN: app }, "token rotation"],
    ["something else", { SLACK_BOT_TOKEN: "hello", SLACK_APP_TOKEN: app }, "does not look like a bot token"],
    ["two words", { SLACK_BOT_TOKEN: "xoxb-1 x", SLACK_APP_TOKEN: app }, "white space"],
    [
      "an address that is none",
      { SLACK_BOT_TOKEN: bot, SLACK_APP_TOKEN: app, SLACK_API_URL: "ftp://x" },
      "SLACK_API_URL",
    ],
  ])("names what is wrong, without the value: %s", (_what, env, sentence) => {
    const config = readSlackOptions(env);
    expect(config.kind).toBe("problem");
    expect(JSON.stringify(config)).toContain(sentence);
    expect(JSON.stringify(config)).not.toMatch(/secret-|hello|xoxb-1|xoxp-1/);
  });

  it("names every problem at once", () => {
    expect(readSlackOptions({ SLACK_BOT_TOKEN: "hello", SLACK_APP_TOKEN: "there" })).toMatchObject({
      problems: { length: 2 },
    });
  });
});

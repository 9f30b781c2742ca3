import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startBot, throwAwayFolder } from "../support/bot-process.js";
import { startFakeSlack } from "../support/fake-slack/fake-slack.js";
import { startTcpRedis } from "../support/tcp-redis.js";
import { Training } from "../support/training.js";

/** The real process on an empty directory, with a Redis of its own and the fake Slack. */
async function watching() {
  const folder = throwAwayFolder();
  const logs = join(folder.path, "logs");
  mkdirSync(logs);
  const redis = await startTcpRedis();
  const slack = await startFakeSlack();
  const bot = startBot({
    words: ["start", logs],
    env: { ...slack.env, SLACK_CHANNEL: slack.channel, REDIS_URL: redis.url },
    home: folder.path,
  });
  await slack.until(() => bot.log().includes("watch_live"), 20_000);
  const end = async (): Promise<void> => {
    await slack.stop();
    await redis.stop();
    folder.remove();
  };
  return { logs, redis, slack, bot, end };
}

it("waits for a Redis that goes away, says so once, and loses nothing of what happened meanwhile", async () => {
  const { logs, redis, slack, bot, end } = await watching();
  const run = new Training(join(logs, "run42"), 1_790_000_000_000);
  run.log("loss", [1, 0.9, 0.8]);
  await redis.goAway();
  await slack.until(() => bot.log().includes("redis_away"), 20_000);
  run.log("loss", [0.7, Number.NaN]);
  await redis.comeBack();
  await slack.until(() => slack.messages().some((message) => message.text.includes("run42")), 30_000);
  const root = slack.messages().find((message) => message.text.includes("run42"));
  await slack.until(() => slack.thread(slack.channel, root?.ts ?? "").length > 0, 20_000);
  expect(slack.thread(slack.channel, root?.ts ?? "")[0]?.text).toMatch(/became NaN/);
  expect(bot.log().match(/redis_away/g)).toHaveLength(1);
  expect(bot.log()).toContain("redis_back");
  expect(await bot.stop(), bot.log()).toBe(0);
  expect(slack.messages()).toHaveLength(1);
  expect(slack.problems).toEqual([]);
  await end();
});

it.each([
  ["that is emptied while it runs: says so once, and reads what is there as history", undefined, 2],
  ["that loses its schedules while it runs: says nothing, and polls on", "{tb}:*", 0],
] as const)("goes on with a Redis %s", async (_how, pattern, more) => {
  const { logs, redis, slack, bot, end } = await watching();
  const told = (words: string): boolean => slack.messages().some(({ text }) => text.includes(words));
  new Training(join(logs, "old"), 1_790_000_000_000).log("loss", [1, 0.9, Number.NaN]);
  await slack.until(() => told("old"), 30_000);
  const before = slack.messages().length;
  await redis.empty(pattern);
  const noticed = pattern === undefined ? /watch_live[^]*watch_live/ : /schedules_lost/;
  await slack.until(() => noticed.test(bot.log()), 30_000);
  new Training(join(logs, "run42"), 1_790_000_100_000).log("loss", [1, 0.9, Number.NaN]);
  await slack.until(() => told("run42"), 30_000);
  expect(bot.log().match(/redis_state_lost/g) ?? []).toHaveLength(pattern === undefined ? 1 : 0);
  expect(
    slack
      .messages()
      .map(({ text }) => text)
      .filter((text) => /state in Redis is gone/.test(text)),
  ).toHaveLength(pattern === undefined ? 1 : 0);
  expect(slack.messages()).toHaveLength(before + more + 1);
  expect(await bot.stop(), bot.log()).toBe(0);
  expect(slack.problems).toEqual([]);
  await end();
});

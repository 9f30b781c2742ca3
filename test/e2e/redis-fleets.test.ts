import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startBot, throwAwayFolder } from "../support/bot-process.js";
import { startFakeSlack } from "../support/fake-slack/fake-slack.js";
import { type RedisFleet, startClusterFleet, startSentinelFleet } from "../support/redis-fleet.js";
import { Training } from "../support/training.js";

/** A run breaks twice, with this in between; both alerts must stand in its thread once. */
async function talksOver(redis: RedisFleet, between: (log: () => string) => Promise<void>): Promise<void> {
  const folder = throwAwayFolder();
  const logs = join(folder.path, "logs");
  mkdirSync(logs);
  const slack = await startFakeSlack();
  const bot = startBot({
    words: ["start", logs],
    env: { ...slack.env, SLACK_CHANNEL: slack.channel, REDIS_URL: redis.url },
    home: folder.path,
  });
  try {
    await slack.until(() => bot.log().includes("watch_live"), 30_000);
    const run = new Training(join(logs, "run42"), 1_790_000_000_000);
    run.log("train/loss", [1, 0.9, Number.NaN]);
    const replies = (): readonly string[] =>
      slack
        .messages()
        .flatMap(({ ts }) => slack.thread(slack.channel, ts))
        .map(({ text }) => text);
    await slack.until(() => replies().length === 1, 30_000);
    await between(() => bot.log());
    run.log("val/loss", [1, Number.NaN]);
    await slack.until(() => replies().length === 2, 60_000);
    expect(replies()).toEqual([
      expect.stringMatching(/train\/loss became NaN/),
      expect.stringMatching(/val\/loss became NaN/),
    ]);
    expect(await bot.stop(), bot.log()).toBe(0);
    expect(bot.log()).not.toMatch(/CROSSSLOT|MOVED|job_failed/);
    expect(slack.problems).toEqual([]);
  } catch (error) {
    process.stderr.write(bot.log());
    throw error;
  } finally {
    await bot.kill();
    await slack.stop();
    await redis.stop();
    folder.remove();
  }
}

it("works on a Redis Cluster: what belongs together lies in one slot", async () => {
  const redis = await startClusterFleet();
  await talksOver(redis, () => Promise.resolve());
});

it("goes on over a Sentinel's failover, and says nothing twice", async () => {
  const redis = await startSentinelFleet();
  await talksOver(redis, async () => {
    await redis.killPrimary();
  });
});

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { expect, it } from "vitest";
import { type Bot, startBot, throwAwayFolder } from "../support/bot-process.js";
import { type FakeSlack, startFakeSlack } from "../support/fake-slack/fake-slack.js";
import { Training } from "../support/training.js";

/** When each process dies, in milliseconds after it was given work: before, amid and after its commits and posts. */
const deaths = [150, 900, 1_100, 1_300, 1_600, 2_200];

it(
  "says each alert once and reads each point once, however often the process is killed",
  { timeout: 120_000 },
  async () => {
    const folder = throwAwayFolder();
    const logs = join(folder.path, "logs");
    mkdirSync(logs);
    const slack = await startFakeSlack();
    const start = (): Bot =>
      startBot({
        words: ["start", logs],
        env: { ...slack.env, SLACK_CHANNEL: slack.channel },
        home: folder.path,
      });
    let bot = start();
    await slack.until(() => bot.log().includes("watch_live"), 20_000);

    const steady = new Training(join(logs, "steady"), 1_790_000_000_000);
    const runs: string[] = [];
    for (const [round, delay] of deaths.entries()) {
      const name = `broken-${round}`;
      runs.push(name);
      steady.log("loss", [3, 2.9, 2.8]);
      new Training(join(logs, name), 1_790_000_000_000).log("loss", [1, 0.9, Number.NaN]);
      await after(delay);
      await bot.kill();
      // What is asked next goes to the process that lives: the dead one's socket is closed a moment after it.
      await slack.until(() => slack.sockets.open === 0);
      bot = start();
    }
    steady.log("loss", [2.7]);
    const threads = (name: string) => slack.messages().filter((message) => message.text.includes(name));
    await slack.until(() => runs.every((name) => threads(name).length > 0), 60_000);
    await slack.until(
      () => runs.every((name) => slack.thread(slack.channel, threads(name)[0]?.ts ?? "").length > 0),
      30_000,
    );
    await slack.until(() => slack.sockets.open > 0, 20_000);
    await answer(slack, "status steady", /step 19/);
    // The chart's words count the points that are kept.
    await slack.slashCommand({ text: "chart steady loss" });
    await slack.until(() =>
      slack.world.messages.some(({ blocks }) => JSON.stringify(blocks).includes("19 points")),
    );
    expect(await bot.stop(), bot.log()).toBe(0);
    for (const name of runs) {
      expect(threads(name), name).toHaveLength(1);
      expect(slack.thread(slack.channel, threads(name)[0]?.ts ?? ""), name).toHaveLength(1);
    }
    expect(slack.problems).toEqual([]);
    await slack.stop();
    folder.remove();
  },
);

/** Asks until the answer has the words: what was written a moment ago may still be on its way. */
async function answer(slack: FakeSlack, text: string, words: RegExp): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const asked = await slack.slashCommand({ text });
    const reply = await asked.first(10_000);
    const said = `${JSON.stringify(reply.blocks)}${reply.text}`;
    if (words.test(said)) return;
    if (attempt > 20) expect(said).toMatch(words);
    await after(250);
  }
}

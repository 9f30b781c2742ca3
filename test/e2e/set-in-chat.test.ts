import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bot, startBot, throwAwayFolder } from "../support/bot-process.js";
import { type FakeSlack, startFakeSlack } from "../support/fake-slack/fake-slack.js";
import { Training } from "../support/training.js";

describe("what people set in chat, with the real process", () => {
  const folder = throwAwayFolder();
  const logs = join(folder.path, "logs");
  const more = join(folder.path, "more");
  let slack: FakeSlack;
  let bot: Bot;

  const start = (): Bot =>
    startBot({
      words: ["start", logs],
      env: { ...slack.env, SLACK_CHANNEL: slack.channel },
      home: folder.path,
    });
  /** Kills the process and starts it anew; the dead one's socket is closed a moment after it. */
  const again = async (): Promise<void> => {
    await bot.kill();
    await slack.until(() => slack.sockets.open === 0);
    bot = start();
    await slack.until(() => slack.sockets.open > 0, 30_000);
  };
  /** The words of the answer to a slash command of the admin. */
  const say = async (text: string): Promise<string> => {
    const asked = await slack.slashCommand({ text });
    const reply = await asked.first(10_000);
    return `${reply.text}\n${JSON.stringify(reply.blocks)}`;
  };

  beforeAll(async () => {
    mkdirSync(logs);
    mkdirSync(more);
    slack = await startFakeSlack();
    writeFileSync(
      join(folder.path, "tensorbell.yaml"),
      `roots: [${JSON.stringify(folder.path)}]\npermissions: { admins: ["slack:${slack.member}"] }\n`,
    );
    bot = start();
    await slack.until(() => slack.sockets.open > 0 && bot.log().includes("watch_live"), 30_000);
    new Training(join(logs, "broken"), 1_790_000_000_000).log("loss", [1, 0.9, Number.NaN]);
    new Training(join(logs, "calm"), 1_790_000_000_000).log("loss", [3, 2.9, 2.8, 2.7]);
    await slack.until(() => slack.messages().some(({ text }) => text.includes("broken")), 60_000);
  });
  afterAll(async () => {
    expect(await bot.stop(), bot.log()).toBe(0);
    expect(slack.problems).toEqual([]);
    await slack.stop();
    folder.remove();
  });

  it("outlives the process, with its author, and is undone by the command that was named", async () => {
    const threshold = await say("threshold loss 0.05");
    const undo = /\/tb (threshold reset \w+)/.exec(threshold)?.[1] ?? "no undo was named";
    expect(await say("threshold loss > 50 calm")).toMatch(/calm/);
    expect(await say("mute calm 2h")).toMatch(/muted/);
    expect(await say("ack broken")).toMatch(/broken/);
    expect(await say(`watch add ${more}`)).toContain("more");

    await again();

    const kept = await say("threshold");
    expect(kept).toContain("0.05");
    expect(kept).toContain(slack.member);
    expect(await say("rules calm")).toMatch(/50/);
    expect(await say("unmute")).toMatch(/calm/);
    expect(await say("alerts broken")).toContain(slack.member);
    expect(await say("watch list")).toContain("more");

    expect(await say(undo)).toMatch(/loss/);
    expect(await say("unmute calm")).toMatch(/calm/);
    expect(await say("unack broken")).toMatch(/broken/);
    expect(await say(`watch remove ${more}`)).toContain("more");

    await again();
    expect(await say("threshold")).not.toContain(undo.split(" ").at(-1));
    expect(await say("unmute")).not.toMatch(/calm/);
    expect(await say("alerts broken")).not.toContain(slack.member);
    expect(await say("watch list")).not.toContain(more);
  });
});

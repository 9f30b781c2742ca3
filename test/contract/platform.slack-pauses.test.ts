import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { ChatPlatform } from "../../src/chat/platform.js";
import { slackTimings } from "../../src/chat/slack/slack-timings.js";
import type { CommandRequest, Reply } from "../../src/commands/command.js";
import { type FakeSlack, startFakeSlack } from "../support/fake-slack/fake-slack.js";
import { createManualTimers, type ManualTimers } from "../support/manual-timers.js";
import { slackPlatformAt } from "../support/slack-rig.js";

const { backoffFirstMs, drainMs } = slackTimings;

/** With the product's own pauses, which pass when the test says so. */
describe("the pauses of a link to Slack", () => {
  let slack: FakeSlack;
  let platform: ChatPlatform;
  let time: ManualTimers;
  let answer: (request: CommandRequest) => Promise<Reply>;
  const reply = (headline: string): Reply => ({
    message: { tone: "info", headline, blocks: [] },
    visibility: "asker",
  });
  beforeEach(async () => {
    slack = await startFakeSlack();
    time = createManualTimers();
    answer = ({ text }) => Promise.resolve(reply(`you said ${text}`));
    platform = slackPlatformAt(slack, { timings: slackTimings, clock: time, timers: time });
    await platform.start((request) => answer(request));
  });
  afterEach(async () => {
    await platform.stop();
    expect(time.waits).toEqual([]);
    await slack.until(() => slack.sockets.connected === 0);
    await slack.stop();
  });

  it.each([
    ["sent away", () => slack.sockets.rotate("warning", 60_000)],
    ["cut", () => slack.sockets.drop()],
  ])("grow where it is %s as soon as it came, again and again", async (_how, end) => {
    const before = slack.sockets.opened;
    for (let round = 1; round <= 4; round += 1) {
      end();
      await slack.until(() => time.waits.length === 1);
      const [pause = 0] = time.waits;
      expect(pause).toBeGreaterThanOrEqual((backoffFirstMs * 2 ** round) / 2);
      expect(pause).toBeLessThanOrEqual(backoffFirstMs * 2 ** round);
      expect(slack.sockets.opened).toBe(before + round - 1);
      time.advance(pause);
      await slack.until(() => slack.sockets.opened === before + round && platform.health().state === "up");
    }
    expect((await (await slack.slashCommand({ text: "help" })).first()).text).toContain("help");
  });

  it("at a stop are for a command that never ends, and no longer than they may be", async () => {
    let finish = (): void => undefined;
    let isStopped = false;
    answer = () => new Promise((resolve) => (finish = () => resolve(reply("after all"))));
    await slack.slashCommand({ text: "for ever" });
    const stopping = platform.stop().then(() => (isStopped = true));
    await slack.until(() => time.waits.includes(drainMs));
    time.advance(drainMs - 1);
    await slack.sockets.read();
    expect([isStopped, slack.sockets.connected]).toEqual([false, 1]);
    time.advance(1);
    await stopping;
    finish();
  });
});

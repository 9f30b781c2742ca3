import { liveMarkup, visibleText } from "../support/fake-slack/live-markup.js";
import { startFakeSlack } from "../support/fake-slack/fake-slack.js";
import type { FakeReply } from "../support/fake-slack/fake-slack.js";
import { problemsOf, slackPlatformAt } from "../support/slack-rig.js";
import type { SeenPost } from "./platform.js";
import { describePlatform } from "./platform.js";

describePlatform({
  name: "slack",
  async rig(onCommand) {
    const slack = await startFakeSlack({ fileReadyAfterPolls: 2 });
    const platform = slackPlatformAt(slack);
    await platform.start(onCommand);
    const seen = (one: FakeReply): SeenPost => ({
      id: one.message?.ts ?? "response",
      text: visibleText(one),
      live: liveMarkup(one),
      thread: one.message?.threadTs,
      edits: one.message?.edits ?? 0,
      pictures: one.blocks.filter((block) => block["type"] === "image").length,
    });
    return {
      platform,
      to: { platform: "slack", address: slack.channel },
      nowhere: { platform: "slack", address: "C0UNKNOWN" },
      posts: () =>
        slack.world.messages
          .filter((message) => message.byBot)
          .map((message) =>
            seen({
              via: "message",
              visibility: "in_channel",
              text: message.text,
              blocks: message.blocks,
              message,
            }),
          ),
      async say(text, thread) {
        const asked =
          thread === undefined
            ? await slack.slashCommand({ text })
            : await slack.mention({ text, channel: thread.channel, thread: thread.id });
        return seen(await asked.first());
      },
      async sayWithoutWaiting(text) {
        await slack.slashCommand({ text });
      },
      problems: () => problemsOf(slack),
      close: () => slack.stop(),
    };
  },
  excused: {
    "takes a picture's bytes with the post": "pictures are uploaded before they are shown",
    "shows a picture's sketch": "it shows the picture itself",
  },
});

import { readDingTalkWebhookOptions } from "../../src/chat/dingtalk/dingtalk-config.js";
import { createDingTalkWebhook } from "../../src/chat/dingtalk/dingtalk-webhook.js";
import { systemClock } from "../../src/lib/clock.js";
import { silentLog } from "../../src/lib/log.js";
import { quickDingTalk } from "../support/dingtalk-rig.js";
import { startFakeDingTalk } from "../support/fake-dingtalk/fake-dingtalk.js";
import { liveMarkdown, readableText } from "../support/fake-dingtalk/live-markdown.js";
import { describePlatform } from "./platform.js";

const deaf = "a custom robot hears nothing";
const fixed = "a custom robot's messages can be neither edited nor answered";

describePlatform({
  name: "dingtalk-webhook",
  async rig(onCommand) {
    const fake = await startFakeDingTalk({ perMinute: Number.POSITIVE_INFINITY });
    const config = readDingTalkWebhookOptions(fake.webhookEnv);
    if (config.kind !== "on") throw new Error("the fake's own environment is refused");
    const place = { place: "group", log: silentLog, clock: systemClock, timings: quickDingTalk };
    const platform = createDingTalkWebhook({ ...config.options, ...place });
    await platform.start(onCommand);
    return {
      platform,
      to: { platform: "dingtalk-webhook", address: "group" },
      nowhere: { platform: "dingtalk-webhook", address: "other" },
      posts: () =>
        fake.messages("webhook").map(({ key, title, text, at }) => ({
          id: key,
          text: `${title}\n${readableText(text)}`,
          live: [...liveMarkdown(text), ...liveMarkdown(title), ...at],
          thread: undefined,
          edits: 0,
          pictures: 0,
        })),
      problems: () => fake.problems(),
      close: () => fake.stop(),
    };
  },
  excused: {
    "puts replies below their root": fixed,
    "replaces a message in place": fixed,
    "finds a post by its entry, in the channel and in a thread, and nothing else":
      "it cannot be asked; msgUuid keeps a repeat from being said twice",
    "shows an uploaded picture in a new message and by an edit": "it holds no pictures",
    "takes a picture's bytes with the post": "it holds no pictures; a sketch in characters stands for them",
    "hears a command and brings the answer back": deaf,
    "hears a command in a thread as one of that thread, and answers there": deaf,
    "brings an answer's chart": deaf,
    "survives a command that throws": deaf,
    "lets a running command finish when it stops, and hears nothing afterwards": deaf,
  },
});

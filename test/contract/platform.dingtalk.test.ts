import { startFakeDingTalk } from "../support/fake-dingtalk/fake-dingtalk.js";
import { liveMarkdown, readableText } from "../support/fake-dingtalk/live-markdown.js";
import type { FakeDingMessage } from "../support/fake-dingtalk/world.js";
import { dingTalkPlatformAt } from "../support/dingtalk-rig.js";
import { describePlatform, type SeenPost } from "./platform.js";

describePlatform({
  name: "dingtalk",
  async rig(onCommand) {
    const fake = await startFakeDingTalk();
    const platform = dingTalkPlatformAt(fake);
    await platform.start(onCommand);
    await fake.until(() => fake.gateway.open === 1);
    const tagOf = ({ text }: FakeDingMessage) => /#tb[0-9a-f]{8}/.exec(text)?.[0];
    const seen = (one: FakeDingMessage): SeenPost => {
      const root = fake.world.messages.find((other) => tagOf(other) === tagOf(one));
      return {
        id: one.key,
        text: `${one.title}\n${readableText(one.text)}`,
        live: [
          ...liveMarkdown(one.via === "session" ? one.text.replace(/\n\n@u1$/, "") : one.text),
          ...liveMarkdown(one.title),
        ],
        thread: tagOf(one) === undefined || root === one ? undefined : root?.key,
        edits: 0,
        pictures: [...one.text.matchAll(/!\[chart\]\([@$]/g)].length,
      };
    };
    return {
      platform,
      to: { platform: "dingtalk", address: fake.group },
      nowhere: { platform: "dingtalk", address: "cidUnknown==" },
      posts: () => fake.messages().map(seen),
      async say(text, thread) {
        const before = fake.messages().length;
        await fake.says({ text, ...(thread === undefined ? {} : { quotes: { key: thread.id } }) });
        await fake.until(() => fake.messages().length > before, 10_000);
        const answer = fake.messages()[before];
        if (answer === undefined) throw new Error("no answer");
        return seen(answer);
      },
      async sayWithoutWaiting(text) {
        await fake.says({ text });
      },
      problems: () => fake.problems(),
      close: () => fake.stop(),
    };
  },
  excused: {
    "shows a picture's sketch": "it shows the picture itself",
    "replaces a message in place": "a robot's messages cannot be edited",
    "shows an uploaded picture in a new message and by an edit":
      "messages cannot be edited, so the picture comes with its post",
    "finds a post by its entry, in the channel and in a thread, and nothing else":
      "DingTalk cannot be asked whether it holds a message",
  },
});

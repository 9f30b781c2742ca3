import { describe, expect, it } from "vitest";

import type { Capabilities, ChatPlatform } from "../../src/chat/platform.js";
import type { CommandRequest, Reply } from "../../src/commands/command.js";
import type { Destination } from "../../src/message/destination.js";
import type { Block, Message } from "../../src/message/message.js";
import type { MessageRef, Post } from "../../src/message/post.js";
import { hostileTexts } from "./platform-hostile.js";

/** A message as the other side holds it. */
export interface SeenPost {
  readonly id: string;
  /** All that people can read of it. */
  readonly text: string;
  /** Everything in it that would notify, link, format or drive a terminal: expected to be empty for untrusted text. */
  readonly live: readonly string[];
  /** The root it stands under. */
  readonly thread: string | undefined;
  readonly edits: number;
  readonly pictures: number;
}

/** A started platform with its other side in the test's hands. */
export interface PlatformRig {
  readonly platform: ChatPlatform;
  readonly to: Destination;
  /** A place that does not exist, where the platform has more than one. */
  readonly nowhere?: Destination;
  /** What the other side holds, oldest first. */
  posts(): readonly SeenPost[];
  /** A person with every right writes to the bot, in a thread or not; resolves with the first answer they see. */
  say?(text: string, thread?: MessageRef): Promise<SeenPost>;
  /** A person writes; resolves when the platform has taken it, without waiting for an answer. */
  sayWithoutWaiting?(text: string): Promise<void>;
  /** What the other side found wrong with what the platform did: expected to be empty. */
  problems(): readonly string[];
  /** After the platform was stopped. */
  close(): Promise<void>;
}

export type OnCommand = (request: CommandRequest) => Promise<Reply>;

export interface PlatformSubject {
  readonly name: string;
  rig(onCommand: OnCommand): Promise<PlatformRig>;
  /** Cases that cannot hold here, with the reason; where a case belongs to a capability, the platform must not claim it. */
  readonly excused?: Partial<Record<CaseName, string>>;
}

/** What every chat platform promises; run for each implementation. */
export function describePlatform(subject: PlatformSubject): void {
  describe(`the platform contract: ${subject.name}`, () => {
    for (const [name, one] of Object.entries<Case>(cases)) {
      const reason = subject.excused?.[name as CaseName];
      if (reason === undefined) {
        it(name, () => withRig(subject, one.test));
      } else {
        it(`is excused: ${name} (${reason})`, () =>
          withRig(subject, ({ rig }) => {
            expect(one.needs?.(rig.platform.capabilities) ?? false).toBe(false);
            return Promise.resolve();
          }));
      }
    }
  });
}

interface Scene {
  readonly rig: PlatformRig;
  readonly heard: readonly CommandRequest[];
  /** Resolves with the first command, at once where one was heard already. */
  readonly firstHeard: Promise<CommandRequest>;
  /** What commands are answered from now on. */
  readonly answer: (with_: OnCommand) => void;
}

interface Case {
  readonly needs?: (capabilities: Capabilities) => boolean;
  readonly test: (scene: Scene) => Promise<void>;
}

export type CaseName = keyof typeof cases;

const cases = {
  "is up after start and down after stop, and stops twice": {
    async test({ rig: { platform } }) {
      expect(platform.health().state).toBe("up");
      await platform.stop();
      expect(platform.health().state).toBe("down");
      await platform.stop();
    },
  },
  "delivers a post with everything it says": {
    async test({ rig }) {
      const ref = await deliver(rig, { entryId: "entry-1", message: fullMessage });
      const seen = only(rig, ref);
      for (const part of [
        "Critical · loss is rising",
        "fit/mnist",
        "12 400",
        "first item",
        "second item",
        "learning_rate",
        "0.01",
        "x = 1",
        "say mute",
      ]) {
        expect(seen.text).toContain(part);
      }
    },
  },
  "delivers posts in the order they are given": {
    async test({ rig }) {
      for (const word of ["one", "two", "three"])
        await deliver(rig, { entryId: word, message: plain(`number ${word}`) });
      const order = rig.posts().map((post) => /number (\w+)/.exec(post.text)?.[1]);
      expect(order.filter((word) => word !== undefined)).toEqual(["one", "two", "three"]);
    },
  },
  "puts replies below their root": {
    needs: (capabilities) => capabilities.threads,
    async test({ rig }) {
      const root = await deliver(rig, { entryId: "root", message: plain("the root") });
      const reply = await deliver(rig, { entryId: "reply", message: plain("the reply"), replyTo: root });
      expect(only(rig, root).thread).toBeUndefined();
      expect(only(rig, reply).thread).toBe(root.id);
    },
  },
  "delivers a reply also where there are no threads": {
    async test({ rig }) {
      const root = await deliver(rig, { entryId: "root", message: plain("the root") });
      const reply = await deliver(rig, { entryId: "reply", message: plain("the reply"), replyTo: root });
      expect(only(rig, reply).text).toContain("the reply");
    },
  },
  "replaces a message in place": {
    needs: (capabilities) => capabilities.edit === true,
    async test({ rig }) {
      const before = await deliver(rig, { entryId: "live", message: plain("firing since noon") });
      const after = await deliver(rig, {
        entryId: "live-2",
        message: plain("resolved at one"),
        edits: before,
      });
      expect(after.id).toBe(before.id);
      expect(rig.posts()).toHaveLength(1);
      expect(only(rig, before).text).toContain("resolved at one");
      expect(only(rig, before).text).not.toContain("firing");
    },
  },
  "finds a post by its entry, in the channel and in a thread, and nothing else": {
    needs: (capabilities) => capabilities.find,
    async test({ rig }) {
      const { platform, to } = rig;
      const root = await deliver(rig, { entryId: "find-root", message: plain("the root") });
      const reply = await deliver(rig, { entryId: "find-reply", message: plain("the reply"), replyTo: root });
      await deliver(rig, { entryId: "find-edit", message: plain("the new root"), edits: root });
      expect((await platform.find?.("find-root", to))?.id).toBe(root.id);
      expect((await platform.find?.("find-reply", to, root))?.id).toBe(reply.id);
      expect(await platform.find?.("find-other", to)).toBeUndefined();
      expect(await platform.find?.("find-other", to, root)).toBeUndefined();
    },
  },
  "shows an uploaded picture in a new message and by an edit": {
    needs: (capabilities) => capabilities.pictures === "uploaded",
    async test({ rig }) {
      const outcome = await rig.platform.upload?.(png, rig.to);
      if (outcome?.kind !== "uploaded") throw new Error(`not uploaded: ${JSON.stringify(outcome)}`);
      const { picture } = outcome;
      const root = await deliver(rig, { entryId: "with", message: plain("with a chart"), picture });
      expect(only(rig, root).pictures).toBe(1);
      const later = await deliver(rig, { entryId: "text", message: plain("text first") });
      expect(only(rig, later).pictures).toBe(0);
      await deliver(rig, { entryId: "joined", message: plain("text first"), picture, edits: later });
      expect(only(rig, later).pictures).toBe(1);
    },
  },
  "takes a picture's bytes with the post": {
    needs: (capabilities) => capabilities.pictures === "with-post",
    async test({ rig }) {
      const root = await deliver(rig, { entryId: "with", message: plain("with a chart"), picture: png });
      expect(only(rig, root).pictures).toBe(1);
    },
  },
  "shows a picture's sketch": {
    needs: (capabilities) => capabilities.pictures === "sketched",
    async test({ rig }) {
      const picture = { ...png, sketch: "▁▂▃▅▇" };
      const root = await deliver(rig, { entryId: "sketched", message: plain("with a sketch"), picture });
      expect(only(rig, root).text).toContain("▁▂▃▅▇");
      expect(only(rig, root).text).toContain("last 0.31");
    },
  },
  "keeps hostile text inert wherever it stands": {
    async test({ rig }) {
      for (const [text, tries] of hostileTexts) {
        const ref = await deliverPatiently(rig, {
          entryId: `hostile ${tries}`,
          message: hostileMessage(text),
        });
        expect(only(rig, ref).live, tries).toEqual([]);
      }
    },
  },
  "delivers a message far beyond any limit, cut": {
    async test({ rig }) {
      const ref = await deliver(rig, { entryId: "huge", message: hugeMessage() });
      expect(only(rig, ref).text).toContain("the headline");
      expect(only(rig, ref).text).not.toMatch(loneSurrogate);
    },
  },
  "rejects a place that does not exist": {
    async test({ rig }) {
      if (rig.nowhere === undefined) throw new Error("excuse this case, or name a place");
      const outcome = await rig.platform.deliver({ entryId: "lost", message: plain("hello?") }, rig.nowhere);
      expect(outcome.kind).toBe("rejected");
    },
  },
  "hears a command and brings the answer back": {
    needs: (capabilities) => capabilities.inbound,
    async test({ rig, heard }) {
      const seen = await say(rig, "status fit/mnist <&> 中文");
      expect(seen.text).toContain("you said status fit/mnist <&> 中文");
      expect(heard).toHaveLength(1);
      expect(heard[0]).toMatchObject({ text: "status fit/mnist <&> 中文", place: rig.to });
      expect(["member", "operator"]).toContain(heard[0]?.actor.kind);
      expect(heard[0]?.thread).toBeUndefined();
    },
  },
  "hears a command in a thread as one of that thread, and answers there": {
    needs: (capabilities) => capabilities.inbound && capabilities.threads,
    async test({ rig, heard }) {
      const root = await deliver(rig, { entryId: "root", message: plain("the root") });
      const seen = await say(rig, "mute 2h", root);
      expect(heard[0]).toMatchObject({ text: "mute 2h", thread: { channel: root.channel, id: root.id } });
      expect(seen.thread).toBe(root.id);
    },
  },
  "brings an answer's chart": {
    needs: (capabilities) => capabilities.inbound && capabilities.pictures !== "none",
    async test({ rig, answer }) {
      answer(() => Promise.resolve({ message: plain("the chart"), visibility: "everybody", picture: png }));
      const seen = await say(rig, "chart fit/mnist loss");
      await until(() => rig.posts().some((post) => post.id === seen.id && post.pictures === 1));
    },
  },
  "survives a command that throws": {
    needs: (capabilities) => capabilities.inbound,
    async test({ rig, answer }) {
      answer(() => Promise.reject(new Error("a bug")));
      await sayWithoutWaiting(rig, "status");
      answer((request) =>
        Promise.resolve({ message: plain(`still here: ${request.text}`), visibility: "asker" }),
      );
      expect((await say(rig, "help")).text).toContain("still here: help");
    },
  },
  "lets a running command finish when it stops, and hears nothing afterwards": {
    needs: (capabilities) => capabilities.inbound,
    async test({ rig, firstHeard, answer }) {
      let finish: (reply: Reply) => void = () => undefined;
      answer(() => new Promise((resolve) => (finish = resolve)));
      const said = say(rig, "status slow");
      await firstHeard;
      const stopped = rig.platform.stop();
      finish({ message: plain("done after all"), visibility: "asker" });
      await stopped;
      expect((await said).text).toContain("done after all");
    },
  },
} as const satisfies Readonly<Record<string, Case>>;

async function withRig(subject: PlatformSubject, test: (scene: Scene) => Promise<void>): Promise<void> {
  const heard: CommandRequest[] = [];
  let current: OnCommand = (request) =>
    Promise.resolve({ message: plain(`you said ${request.text}`), visibility: "asker" });
  let onFirst: (request: CommandRequest) => void = () => undefined;
  const firstHeard = new Promise<CommandRequest>((resolve) => (onFirst = resolve));
  const rig = await subject.rig((request) => {
    heard.push(request);
    onFirst(request);
    return current(request);
  });
  try {
    await test({ rig, heard, firstHeard, answer: (with_) => (current = with_) });
    expect(rig.problems()).toEqual([]);
  } finally {
    await rig.platform.stop();
    await rig.close();
  }
}

async function deliver(rig: PlatformRig, post: Post): Promise<MessageRef> {
  const outcome = await rig.platform.deliver(post, rig.to);
  if (outcome.kind !== "delivered") throw new Error(`not delivered: ${JSON.stringify(outcome)}`);
  return outcome.ref;
}

/** Where the platform asks for a pause, as the jobs do: later, again. */
async function deliverPatiently(rig: PlatformRig, post: Post): Promise<MessageRef> {
  for (;;) {
    const outcome = await rig.platform.deliver(post, rig.to);
    if (outcome.kind === "delivered") return outcome.ref;
    if (outcome.kind !== "retry") throw new Error(`not delivered: ${JSON.stringify(outcome)}`);
    await new Promise((resolve) => setTimeout(resolve, outcome.afterMs));
  }
}

function only(rig: PlatformRig, ref: MessageRef): SeenPost {
  const found = rig.posts().filter((post) => post.id === ref.id);
  expect(found).toHaveLength(1);
  return found[0]!;
}

function say(rig: PlatformRig, text: string, thread?: MessageRef): Promise<SeenPost> {
  if (rig.say === undefined) throw new Error("the rig cannot speak");
  return rig.say(text, thread);
}

function sayWithoutWaiting(rig: PlatformRig, text: string): Promise<void> {
  if (rig.sayWithoutWaiting === undefined) throw new Error("the rig cannot speak");
  return rig.sayWithoutWaiting(text);
}

async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { timeout: 10_000, interval: 10 }).toBe(true);
}

function plain(headline: string): Message {
  return { tone: "info", headline, blocks: [] };
}

const fullMessage: Message = {
  tone: "critical",
  headline: "Critical · loss is rising in fit/mnist",
  blocks: [
    { kind: "text", content: ["since step ", { kind: "strong", text: "12 400" }] },
    { kind: "facts", facts: [{ label: "tag", value: [{ kind: "code", text: "epoch_loss" }] }] },
    { kind: "list", items: [["first item"], ["second item"]] },
    { kind: "table", columns: ["setting", "value"], rows: [["learning_rate", "0.01"]] },
    { kind: "preformatted", text: "x = 1\ny = 2" },
    { kind: "note", content: ["say mute 2h to be left alone"] },
  ],
};

function hostileMessage(text: string): Message {
  const blocks: readonly Block[] = [
    { kind: "text", content: [text, { kind: "strong", text }, { kind: "code", text }] },
    {
      kind: "facts",
      facts: [
        { label: text, value: [text, { kind: "link", url: text, text }, { kind: "mention", id: text }] },
      ],
    },
    { kind: "list", items: [[text], [{ kind: "code", text }]] },
    { kind: "table", columns: [text, text], rows: [[text, text], [text]] },
    { kind: "preformatted", text },
    { kind: "note", content: [text] },
  ];
  return { tone: "warning", headline: text, blocks };
}

function hugeMessage(): Message {
  const long = "漢🎉".repeat(5_000);
  const rows = Array.from({ length: 300 }, (_row, at) => Array.from({ length: 30 }, () => `cell ${at}`));
  const many: readonly Block[] = Array.from({ length: 80 }, (_block, at) => ({
    kind: "text",
    content: [`block ${at} ${long}`],
  }));
  return {
    tone: "info",
    headline: `the headline ${long}`,
    blocks: [
      { kind: "table", columns: Array.from({ length: 30 }, (_column, at) => `c${at}`), rows },
      { kind: "list", items: Array.from({ length: 500 }, () => [long]) },
      { kind: "facts", facts: Array.from({ length: 100 }, () => ({ label: long, value: [long] })) },
      ...many,
    ],
  };
}

const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** A 1×1 picture. */
const png = {
  kind: "png",
  png: Uint8Array.from(
    Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
      "base64",
    ),
  ),
  name: "loss.png",
  alt: "loss of fit/mnist, steps 0 to 12 400, last 0.31",
} as const;

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DingTalkPlatformOptions } from "../../src/chat/dingtalk/dingtalk-platform.js";
import type { CommandRequest, Reply } from "../../src/commands/command.js";
import { createRecentMarks } from "../../src/chat/dingtalk/mark-store.js";
import { dingtalkTimings } from "../../src/chat/dingtalk/dingtalk-timings.js";
import { dingTalkPlatformAt, secretsIn } from "../support/dingtalk-rig.js";
import { startSilentHost } from "../support/silent-host.js";
import { createManualTimers, type ManualTimers } from "../support/manual-timers.js";
import {
  type DingSpeech,
  type FakeDingTalk,
  startFakeDingTalk,
} from "../support/fake-dingtalk/fake-dingtalk.js";

type DingSpeechGiven = Omit<DingSpeech, "text"> & { readonly corpId?: string };

const robotTopic = "/v1.0/im/bot/messages/get";

describe("Stream mode", () => {
  let fake: FakeDingTalk;
  let platform: ReturnType<typeof dingTalkPlatformAt>;
  let time: ManualTimers;
  const heard: CommandRequest[] = [];
  let answer: (request: CommandRequest) => Promise<Reply>;
  const open = async (given: Partial<DingTalkPlatformOptions> = {}) => {
    time = createManualTimers();
    platform = dingTalkPlatformAt(fake, { clock: time, timers: time, timings: dingtalkTimings, ...given });
    await platform.start((request) => {
      heard.push(request);
      return answer(request);
    });
  };
  const texts = () => heard.map(({ text }) => text);
  beforeEach(async () => {
    fake = await startFakeDingTalk();
    heard.length = 0;
    answer = ({ text }) =>
      Promise.resolve({ message: { tone: "info", headline: `ok ${text}`, blocks: [] }, visibility: "asker" });
  });
  afterEach(async () => {
    await platform.stop();
    expect(time.waits).toEqual([]);
    await fake.until(() => fake.connections() === 0);
    expect(fake.problems()).toEqual([]);
    expect(secretsIn(platform.lines, fake)).toEqual([]);
    await fake.stop();
  });

  it("connects with a ticket that must be encoded, and says nothing to the console", async () => {
    const said = (["info", "warn", "error", "log"] as const).map((name) => vi.spyOn(console, name));
    await open();
    expect(platform.health().state).toBe("up");
    for (const spy of said) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it.each([
    ["half a frame", "{bad"],
    ["null", "null"],
    ["no headers", '{"type":"CALLBACK"}'],
    ["numbers where words belong", '{"type":1,"headers":{"topic":2}}'],
    ["bytes", Uint8Array.from([1, 2, 3])],
    [
      "a payload that is no JSON",
      JSON.stringify({ type: "CALLBACK", headers: { topic: robotTopic, messageId: "m" }, data: "{x" }),
    ],
    [
      "an unusual payload",
      JSON.stringify({
        type: "CALLBACK",
        headers: { topic: robotTopic, messageId: "m" },
        data: '{"text":5}',
      }),
    ],
  ])("outlives %s and hears what follows on the same line", async (_what, frame) => {
    await open();
    fake.gateway.raw(frame);
    expect((await fake.says({ text: "status" }))?.code).toBe(200);
    await fake.until(() => texts().includes("status"));
    expect(fake.gateway.opened).toBe(1);
  });

  it("counts the frames it could not read, where its health is shown", async () => {
    await open();
    for (const frame of ["{bad", "null", Uint8Array.from([1])]) fake.gateway.raw(frame);
    await fake.says({ text: "status" });
    expect(platform.health()).toEqual({ state: "up", detail: "connected; 3 unreadable frames" });
  });

  it("takes a card's click that comes twice for one, and acknowledges both", async () => {
    await open({ cardTemplateId: "fake-template.schema" });
    const root = await platform.deliver(
      { entryId: "r/root", message: { tone: "info", headline: "run", blocks: [] }, opens: true },
      { platform: "dingtalk", address: fake.group },
    );
    const [card] = fake.world.cards.keys();
    expect(root).toMatchObject({ kind: "delivered" });
    const click = {
      outTrackId: card,
      userId: "u1",
      corpId: fake.world.corpId,
      value: JSON.stringify({ cardPrivateData: { actionIds: ["mute"] } }),
    };
    const topic = "/v1.0/card/instances/callback";
    for (let times = 0; times < 2; times += 1)
      expect((await fake.gateway.push(topic, click, { messageId: "click" }))?.code).toBe(200);
    await fake.says({ text: "status" });
    await fake.until(() => texts().includes("status"));
    expect(texts().filter((text) => text === "mute 2h")).toHaveLength(1);
  });

  it("acknowledges before the command is done, also one that throws, at once or later", async () => {
    await open();
    answer = () => {
      throw new Error("a bug");
    };
    expect((await fake.says({ text: "one" }))?.content).toEqual({ response: null });
    answer = () => Promise.reject(new Error("a bug"));
    expect((await fake.says({ text: "two" }))?.code).toBe(200);
    let finish = (): void => undefined;
    answer = ({ text }) =>
      new Promise((resolve) => {
        finish = () =>
          resolve({ message: { tone: "info", headline: text, blocks: [] }, visibility: "asker" });
      });
    expect((await fake.says({ text: "three" }))?.code).toBe(200);
    expect(texts()).toEqual(["one", "two", "three"]);
    expect(fake.messages()).toEqual([]);
    finish();
    await fake.until(() => fake.messages().length === 1);
    expect(fake.gateway.opened).toBe(1);
    const failed = platform.lines.filter(({ event }) => event === "dingtalk_command_failed");
    expect(failed.map(({ facts }) => facts)).toEqual(
      Array.from({ length: 2 }, () => ({ err: new Error("a bug") })),
    );
  });

  it("answers pings with what they carry, and what it does not know with 404", async () => {
    await open();
    expect((await fake.gateway.push("ping", { opaque: "x1" }, { type: "SYSTEM" }))?.content).toEqual({
      opaque: "x1",
    });
    expect((await fake.gateway.push("/v1.0/graph/api/invoke", {}))?.code).toBe(404);
    expect((await fake.gateway.push("*", {}, { type: "EVENT" }))?.code).toBe(404);
    expect((await fake.gateway.push("error", {}, { type: "CALLBACK" }))?.code).toBe(404);
  });

  it("hears a message once, however often it comes, and acknowledges each", async () => {
    await open();
    const acks = [
      await fake.says({ text: "mute x", msgId: "same" }),
      await fake.says({ text: "mute x", msgId: "same" }),
    ];
    expect(acks.map((ack) => ack?.code)).toEqual([200, 200]);
    expect(texts()).toEqual(["mute x"]);
  });

  it("tells of used-up messages and lives on", async () => {
    await open();
    await fake.gateway.push(robotTopic, { errorCode: 20001, errorMessage: "quota", msgId: "q" });
    expect((await fake.says({ text: "status" }))?.code).toBe(200);
    expect(platform.lines.filter(({ event }) => event === "dingtalk_degraded")).toHaveLength(1);
  });

  it.each([
    ["an outsider", { user: "outsider" }, "stranger"],
    ["somebody without a user id", { more: { senderStaffId: undefined } }, "stranger"],
    ["somebody of another organisation", { more: { senderCorpId: "dingother" } }, "stranger"],
    ["a member", {}, "member"],
    ["a member who administers the organisation, and is a member", { more: { isAdmin: true } }, "member"],
    ["an outsider who says to administer it", { user: "outsider", more: { isAdmin: true } }, "stranger"],
    [
      "a member of the robot's organisation where another is configured",
      { corpId: "dingconfigured" },
      "stranger",
    ],
  ] as const)("knows %s", async (_who, given: DingSpeechGiven, kind) => {
    const { corpId, ...speech } = given;
    await open(corpId === undefined ? {} : { corpId });
    await fake.says({ text: "mute x", ...speech });
    await fake.until(() => heard.length === 1);
    expect(heard[0]?.actor.kind).toBe(kind);
  });

  it("does not hear its own messages, pictures and voices", async () => {
    await open();
    await fake.says({ text: "echo", more: { senderId: fake.world.botUserId } });
    await fake.says({
      text: "x",
      more: { msgtype: "picture", text: undefined, content: { downloadCode: "d" } },
    });
    await fake.says({
      text: "x",
      direct: true,
      more: { msgtype: "audio", text: undefined, content: { downloadCode: "d", recognition: "mute all" } },
    });
    await fake.says({
      text: "x",
      more: {
        msgtype: "richText",
        text: undefined,
        content: { richText: [{ text: "status" }, { downloadCode: "d" }, { text: "run42" }] },
      },
    });
    await fake.until(() => heard.length === 1);
    expect(heard[0]?.text.split(/\s+/)).toEqual(["status", "run42"]);
  });

  it("answers by the API where the session is over", async () => {
    await open();
    await fake.says({ text: "one", more: { sessionWebhookExpiredTime: time.now() + 59_000 } });
    await fake.until(() => fake.messages().length === 1);
    expect(fake.messages().map(({ via }) => via)).toEqual(["group"]);
    expect(fake.calls.map(({ path }) => path)).not.toContain("/robot/sendBySession");
  });

  it.each([
    [
      "of another host",
      (_fake: string, other: number) => `http://127.0.0.1:${other}/robot/sendBySession?session=x`,
    ],
    ["of another path", (here: string) => `${here}/v1.0/robot/sendBySession?session=x`],
    ["with a user in it", (here: string) => `${here.replace("//", "//user@")}/robot/sendBySession?session=x`],
    [
      "of another scheme",
      (here: string) => `${here.replace("http:", "https:")}/robot/sendBySession?session=x`,
    ],
    ["that is none", () => "sendBySession"],
  ])("answers by the API where the session is not DingTalk's: an address %s", async (_what, addressOf) => {
    const other = await startSilentHost();
    await open();
    const sessionWebhook = addressOf(fake.url, other.port);
    await fake.says({ text: "two", more: { sessionWebhook } });
    await fake.until(() => fake.messages().length === 1);
    expect(fake.messages().map(({ via }) => via)).toEqual(["group"]);
    expect(fake.calls.map(({ path }) => path)).not.toContain("/robot/sendBySession");
    expect(platform.lines.map(({ event }) => event)).toContain("dingtalk_session_address_refused");
    expect(other.open + other.heard.length).toBe(0);
    await other.stop();
  });

  describe("finds the run that a quoted message is about", () => {
    const said = async () => {
      const to = { platform: "dingtalk", address: fake.group };
      const root = await platform.deliver(
        { entryId: "r1/root", message: { tone: "info", headline: "run one", blocks: [] } },
        to,
      );
      if (root.kind !== "delivered") throw new Error(root.reason);
      const alert = await platform.deliver(
        { entryId: "a1", message: { tone: "warning", headline: "alert one", blocks: [] }, replyTo: root.ref },
        to,
      );
      if (alert.kind !== "delivered") throw new Error(alert.reason);
      return { root: root.ref, alert: alert.ref };
    };
    const other = () =>
      platform.deliver(
        { entryId: "r2/root", message: { tone: "info", headline: "run two", blocks: [] } },
        { platform: "dingtalk", address: fake.group },
      );
    const threadOf = async (speech: Parameters<FakeDingTalk["says"]>[0]) => {
      await fake.says(speech);
      await fake.until(() => heard.length === 1);
      return heard[0]?.thread;
    };

    it("by the key of any of its messages", async () => {
      await open();
      const { root, alert } = await said();
      await other();
      expect(await threadOf({ text: "mute 1h", quotes: { key: alert.id } })).toEqual(root);
    });

    it("after a restart too", async () => {
      const marks = createRecentMarks();
      await open({ marks });
      const { root, alert } = await said();
      await other();
      await platform.stop();
      await open({ marks });
      expect(await threadOf({ text: "mute 1h", quotes: { key: alert.id } })).toEqual(root);
    });

    it.each([
      ["as text", (text: string) => ({ repliedMsg: { content: { text } } })],
      ["as an older client names it", (content: string) => ({ repliedMsg: { content: { content } } })],
      [
        "in parts",
        (text: string) => ({
          repliedMsg: { content: { richText: [{ msgType: "text", content: "an alert" }, { text }] } },
        }),
      ],
    ])("by the tag in the quoted text: %s", async (_how, quoted) => {
      await open();
      const { root } = await said();
      await other();
      const { repliedMsg } = quoted(fake.messages()[1]?.text ?? "");
      const ours = { ...repliedMsg, senderId: fake.world.botUserId };
      const more = { text: { content: "mute 1h", isReplyMsg: true, repliedMsg: ours } };
      expect(await threadOf({ text: "mute 1h", more })).toEqual(root);
    });

    it("by the key that a client sends as the quoted message's own id", async () => {
      await open();
      const { root, alert } = await said();
      await other();
      const more = { text: { content: "mute 1h", isReplyMsg: true }, originalMsgId: alert.id };
      expect(await threadOf({ text: "mute 1h", more })).toEqual(root);
    });

    it("not by a tag in somebody else's message", async () => {
      await open();
      await said();
      await other();
      const text = fake.messages()[1]?.text ?? "";
      const more = {
        text: {
          content: "mute 1h",
          isReplyMsg: true,
          repliedMsg: { senderId: "$:LWCP_v1:$u2", content: { text } },
        },
      };
      expect(await threadOf({ text: "mute 1h", more })).toBeUndefined();
    });

    it("because only one was spoken of lately, and not where there were two", async () => {
      let later = 0;
      await open({ clock: { now: () => time.now() + later } });
      const { root } = await said();
      expect(await threadOf({ text: "mute 1h", quotes: {} })).toEqual(root);
      expect(heard[0]?.gathered).toBe("only");
      heard.length = 0;
      // Some clients say no more than that it is a reply.
      const bare = { text: { content: "mute 1h", isReplyMsg: true }, originalMsgId: "msgUnknown" };
      expect(await threadOf({ text: "mute 1h", more: bare })).toEqual(root);
      heard.length = 0;
      later = 3_600_001;
      expect(await threadOf({ text: "mute 1h", quotes: {} })).toBeUndefined();
      heard.length = 0;
      await said();
      await other();
      expect(await threadOf({ text: "mute 1h", quotes: {} })).toBeUndefined();
    });

    it("and of no run where nothing is quoted", async () => {
      await open();
      await said();
      expect(await threadOf({ text: "status" })).toBeUndefined();
    });
  });
});

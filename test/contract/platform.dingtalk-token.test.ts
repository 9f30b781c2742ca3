import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DingTalkPlatformOptions } from "../../src/chat/dingtalk/dingtalk-platform.js";
import { dingtalkTimings } from "../../src/chat/dingtalk/dingtalk-timings.js";
import type { Message } from "../../src/message/message.js";
import { dingTalkPlatformAt, quickDingTalk } from "../support/dingtalk-rig.js";
import { type FakeDingTalk, startFakeDingTalk } from "../support/fake-dingtalk/fake-dingtalk.js";

const send = "/v1.0/robot/groupMessages/send";
const upload = "/media/upload";
const tokenPath = "/v1.0/oauth2/accessToken";
const message = (headline: string): Message => ({ tone: "warning", headline, blocks: [] });
const png = {
  kind: "png" as const,
  png: Uint8Array.from(Buffer.from("89504e470d0a1a0a00", "hex")),
  name: "chart.png",
  alt: "loss, last 0.31",
};

describe("the token of calls to DingTalk", () => {
  let fake: FakeDingTalk;
  let now = 1_790_000_000_000;
  const clock = { now: () => now };
  beforeEach(async () => {
    now = 1_790_000_000_000;
    fake = await startFakeDingTalk();
  });
  afterEach(() => fake.stop());
  const open = (given: Partial<DingTalkPlatformOptions> = {}) =>
    dingTalkPlatformAt(fake, { clock, ...given });
  const to = () => ({ platform: "dingtalk", address: fake.group });
  const callsOf = (path: string) => fake.calls.filter((call) => call.path === path).length;

  it("is asked for once for fifty sendings at once, and renewed early", async () => {
    const platform = open({ timings: { ...quickDingTalk, callMs: 10_000 } });
    const posts = Array.from({ length: 50 }, (_post, at) =>
      platform.deliver({ entryId: `e${at}`, message: message(`n ${at}`) }, to()),
    );
    expect((await Promise.all(posts)).every(({ kind }) => kind === "delivered")).toBe(true);
    expect(callsOf(tokenPath)).toBe(1);
    now += 7_200_000 - 301_000;
    await platform.deliver({ entryId: "soon", message: message("soon") }, to());
    expect(callsOf(tokenPath)).toBe(1);
    now += 2_000;
    await platform.deliver({ entryId: "later", message: message("later") }, to());
    expect(callsOf(tokenPath)).toBe(2);
  });

  it("is asked for once for fifty sendings that were refused the old one, and says each once", async () => {
    const platform = open();
    await platform.deliver({ entryId: "warm", message: message("warm") }, to());
    fake.world.token = "token-of-the-next-hours";
    const posts = Array.from({ length: 50 }, (_post, at) =>
      platform.deliver({ entryId: `e${at}`, message: message(`n ${at}`) }, to()),
    );
    expect((await Promise.all(posts)).every(({ kind }) => kind === "delivered")).toBe(true);
    expect(callsOf(tokenPath)).toBe(2);
    expect(new Set(fake.messages().map(({ title }) => title)).size).toBe(51);
    expect(fake.messages()).toHaveLength(51);
  });

  it("is renewed once where it was refused, and does not go round in circles", async () => {
    const platform = open();
    const old = {
      kind: "answer",
      status: 400,
      body: { code: "InvalidAuthentication", message: "no" },
    } as const;
    fake.faults.next(send, old);
    expect(await platform.deliver({ entryId: "a", message: message("a") }, to())).toMatchObject({
      kind: "delivered",
    });
    fake.faults.next(send, old, 2);
    expect(await platform.deliver({ entryId: "b", message: message("b") }, to())).toMatchObject({
      kind: "retry",
    });
    expect(callsOf(send)).toBe(4);
    expect(callsOf(tokenPath)).toBe(3);
  });

  it("stays where a call that took the one before hears of it late", async () => {
    const platform = open();
    await platform.deliver({ entryId: "warm", message: message("warm") }, to());
    fake.world.token = "token-of-the-next-hours";
    let answerNow = (): void => undefined;
    fake.faults.next(send, { kind: "held", until: new Promise((resolve) => (answerNow = resolve)) });
    const late = platform.deliver({ entryId: "late", message: message("late") }, to());
    await fake.until(() => callsOf(send) === 2);
    expect((await platform.deliver({ entryId: "b", message: message("b") }, to())).kind).toBe("delivered");
    answerNow();
    expect((await late).kind).toBe("delivered");
    expect(callsOf(tokenPath)).toBe(2);
  });

  it("is renewed where the old API refuses it, too", async () => {
    fake.faults.next(upload, { kind: "answer", status: 200, body: { errcode: 42001, errmsg: "expired" } });
    const post = { entryId: "a", message: message("a"), picture: png };
    expect(await open().deliver(post, to())).toMatchObject({ kind: "delivered" });
    expect([callsOf(tokenPath), callsOf(upload)]).toEqual([2, 2]);
    expect(fake.messages()[0]?.text).toMatch(/!\[chart\]\(@lAD/);
  });

  it("rests every call where it is the token's that is answered with a ban", async () => {
    const platform = open({ timings: { ...quickDingTalk, banMs: dingtalkTimings.banMs } });
    fake.faults.next(tokenPath, { kind: "answer", status: 403, body: { status: 1111, punish: "deny" } });
    const banned = { kind: "retry", reason: expect.stringMatching(/block/) as string };
    expect(await platform.deliver({ entryId: "a", message: message("a") }, to())).toMatchObject(banned);
    expect(await platform.deliver({ entryId: "b", message: message("b") }, to())).toMatchObject(banned);
    expect(fake.calls).toHaveLength(1);
    now += 300_000;
    expect(await platform.deliver({ entryId: "b", message: message("b") }, to())).toMatchObject({
      kind: "delivered",
    });
  });
});

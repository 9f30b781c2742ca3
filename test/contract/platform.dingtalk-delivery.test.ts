import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DingTalkPlatformOptions } from "../../src/chat/dingtalk/dingtalk-platform.js";
import { dingtalkTimings } from "../../src/chat/dingtalk/dingtalk-timings.js";
import { createMemoryQuotaStore } from "../../src/chat/dingtalk/quota-store.js";
import { quotaMonth } from "../../src/chat/dingtalk/budget.js";
import type { Message, Tone } from "../../src/message/message.js";
import type { Post } from "../../src/message/post.js";
import { dingTalkPlatformAt, quickDingTalk, secretsIn } from "../support/dingtalk-rig.js";
import { createManualTimers } from "../support/manual-timers.js";
import { type FakeDingTalk, startFakeDingTalk } from "../support/fake-dingtalk/fake-dingtalk.js";

const send = "/v1.0/robot/groupMessages/send";
const upload = "/media/upload";
const message = (headline: string, tone: Tone = "warning"): Message => ({ tone, headline, blocks: [] });
const png: NonNullable<Post["picture"]> = {
  kind: "png",
  png: Uint8Array.from(Buffer.from("89504e470d0a1a0a00", "hex")),
  name: "chart.png",
  alt: "loss, last 0.31",
  sketch: "▁▃▇",
};

describe("what a call to DingTalk becomes", () => {
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

  it.each([
    {
      what: "the pace a second",
      status: 403,
      code: "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi",
      outcome: { kind: "retry", afterMs: 1_500 },
    },
    {
      what: "the pace a minute",
      status: 403,
      code: "Forbidden.AccessDenied.QpmLimitForAppkeyAndApi",
      outcome: { kind: "retry", afterMs: 60_000 },
    },
    {
      what: "the month's quota",
      status: 403,
      code: "Forbidden.AccessDenied.ApiCountLimitForOrg",
      outcome: { kind: "retry", afterMs: 3_600_000 },
    },
    {
      what: "a missing permission",
      status: 403,
      code: "Forbidden.AccessDenied.AccessTokenPermissionDenied",
      outcome: { kind: "retry", afterMs: 300_000 },
    },
    {
      what: "an address not allowed",
      status: 403,
      code: "Forbidden.AccessDenied.IpNotInWhiteList",
      outcome: { kind: "retry", afterMs: 300_000 },
    },
    {
      what: "an unknown group",
      status: 400,
      code: "invalid.openConversationId",
      outcome: { kind: "rejected" },
    },
    { what: "a disbanded group", status: 400, code: "group.disbanded", outcome: { kind: "rejected" } },
    { what: "a stopped robot", status: 400, code: "bot.stopped", outcome: { kind: "rejected" } },
    {
      what: "a result DingTalk does not know",
      status: 400,
      code: "unknown.send.result",
      outcome: { kind: "unclear" },
    },
    { what: "a busy server", status: 500, code: "system.busy", outcome: { kind: "unclear" } },
  ])("$what: $status $code", async ({ status, code, outcome }) => {
    fake.faults.next(send, { kind: "answer", status, body: { code, message: "said so", requestid: "R1" } });
    expect(await open().deliver({ entryId: "e", message: message("m") }, to())).toMatchObject(outcome);
    expect(callsOf(send)).toBe(1);
  });

  it("rests every call while its address is banned, and takes a page for no answer", async () => {
    const platform = open({ timings: { ...quickDingTalk, banMs: dingtalkTimings.banMs } });
    fake.faults.next(send, {
      kind: "answer",
      status: 200,
      body: { status: 1111, wait: 5, source: "x5", punish: "deny" },
    });
    expect(await platform.deliver({ entryId: "a", message: message("a") }, to())).toMatchObject({
      kind: "retry",
      afterMs: 300_000,
    });
    const calls = fake.calls.length;
    now += 299_999;
    expect(await platform.deliver({ entryId: "b", message: message("b"), picture: png }, to())).toMatchObject(
      { kind: "retry", afterMs: 1 },
    );
    expect(fake.calls).toHaveLength(calls);
    now += 1;
    fake.faults.next(send, { kind: "answer", status: 200, body: "<html>proxy</html>" });
    expect(await platform.deliver({ entryId: "a", message: message("a") }, to())).toMatchObject({
      kind: "unclear",
    });
  });

  it("never repeats blindly what may have been sent; a critical alert is said once more, marked, a minute later", async () => {
    const platform = open();
    fake.faults.next(send, { kind: "lost" }, 2);
    const plain = { entryId: "plain", message: message("plain") };
    expect(await platform.deliver(plain, to())).toMatchObject({ kind: "unclear" });
    expect(await platform.deliver(plain, to())).toMatchObject({ kind: "delivered" });
    const critical = { entryId: "critical", message: message("critical", "critical") };
    expect(await platform.deliver(critical, to())).toMatchObject({ kind: "unclear" });
    expect(await platform.deliver(critical, to())).toMatchObject({ kind: "retry", afterMs: 60_000 });
    now += 60_000;
    expect(await platform.deliver(critical, to())).toMatchObject({ kind: "delivered" });
    expect(fake.messages().map(({ title }) => title)).toEqual([
      "plain",
      "critical",
      "(重发 · resent) critical",
    ]);
    expect(platform.lines.map(({ event }) => event)).toContain("dingtalk_maybe_sent");
  });

  it("gives a server that fails for a minute few messages to lose, and what is critical without a pause", async () => {
    const platform = open();
    await platform.deliver({ entryId: "warm", message: message("warm") }, to());
    const end = fake.faults.always(send, { kind: "answer", status: 500, body: "oops" });
    const gone = now;
    const doubted: string[] = [];
    for (let serial = 0; now - gone < 60_000;) {
      const outcome = await platform.deliver({ entryId: `e${serial}`, message: message("m") }, to());
      if (outcome.kind === "delivered") doubted.push(`e${serial++}`);
      now += outcome.kind === "retry" ? outcome.afterMs : 2_000;
    }
    expect(doubted).toEqual(["e0", "e1", "e2", "e3"]);
    const before = callsOf(send);
    await platform.deliver({ entryId: "fire", message: message("fire", "critical") }, to());
    expect(callsOf(send)).toBe(before + 1);
    end();
    now += 60_000;
    for (const [entryId, tone] of [
      ["fire", "critical"],
      ["next", "warning"],
    ] as const)
      expect(await platform.deliver({ entryId, message: message(entryId, tone) }, to())).toMatchObject({
        kind: "delivered",
      });
    expect(fake.messages().map(({ title }) => title)).toEqual(["warm", "(重发 · resent) fire", "next"]);
  });

  it("tries again what certainly was not sent", async () => {
    const platform = open();
    await platform.deliver({ entryId: "warm", message: message("warm") }, to());
    await fake.outage();
    expect(await platform.deliver({ entryId: "e", message: message("m") }, to())).toMatchObject({
      kind: "retry",
      afterMs: 5_000,
    });
    await fake.back();
    expect(await platform.deliver({ entryId: "e", message: message("m") }, to())).toMatchObject({
      kind: "delivered",
    });
  });

  it("says an alert with its sketch where the picture cannot be uploaded", async () => {
    const platform = open();
    fake.faults.next(upload, { kind: "answer", status: 500, body: "oops" }, 2);
    await platform.deliver({ entryId: "e", message: message("m"), picture: png }, to());
    expect(fake.messages()[0]?.text).toContain("▁▃▇ loss, last 0.31");
  });

  it("says an alert with its sketch where the picture is larger than DingTalk takes, and does not upload it", async () => {
    const large = new Uint8Array(1_000_001);
    large.set(png.png);
    await open().deliver({ entryId: "e", message: message("m"), picture: { ...png, png: large } }, to());
    expect(callsOf(upload)).toBe(0);
    expect(fake.messages()[0]?.text).toContain("▁▃▇ loss, last 0.31");
  });

  it("uploads the same picture once, and keeps its id as it is", async () => {
    const platform = open();
    for (const entryId of ["a", "b"])
      await platform.deliver({ entryId, message: message(entryId), picture: png }, to());
    expect(callsOf(upload)).toBe(1);
    expect(fake.messages().every(({ text }) => /!\[chart\]\(@lAD\$fake\$\d+\)/.test(text))).toBe(true);
    expect(fake.problems()).toEqual([]);
  });

  it("says what DingTalk finds unsafe once more, without any name", async () => {
    fake.faults.next(send, {
      kind: "answer",
      status: 400,
      body: { code: "param.contentUnsafe", message: "no" },
    });
    expect(await open().deliver({ entryId: "e", message: message("evil run") }, to())).toMatchObject({
      kind: "delivered",
    });
    expect(fake.messages()[0]?.text).not.toContain("evil");
  });

  it("says the warning of the month's quota again where DingTalk refuses it for its pace", async () => {
    const quota = createMemoryQuotaStore();
    let goOn = (): void => undefined;
    const saidBefore = new Promise<void>((resolve) => (goOn = resolve));
    const once: typeof quota.once = async (month, what) => {
      await saidBefore;
      return quota.once(month, what);
    };
    const time = createManualTimers(now);
    const platform = open({ quota: { ...quota, once }, home: fake.group, timers: time });
    await quota.add(quotaMonth(now), "api", 4_100);
    await platform.deliver({ entryId: "a", message: message("scarce") }, to());
    fake.faults.next(send, {
      kind: "answer",
      status: 403,
      body: { code: "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", message: "too fast" },
    });
    goOn();
    await fake.until(() => time.waits.length === 1);
    expect(time.waits).toEqual([1_500]);
    time.advance(1_500);
    await fake.until(() => fake.messages().some(({ title }) => title.startsWith("80 %")));
  });

  it("saves pictures, then everything but critical text, and shows the month", async () => {
    const quota = createMemoryQuotaStore();
    const platform = open({ quota, home: fake.group });
    await quota.add(quotaMonth(now), "api", 4_300);
    await platform.deliver({ entryId: "a", message: message("scarce"), picture: png }, to());
    await fake.until(() => fake.messages().some(({ title }) => title.startsWith("80 %")));
    expect(callsOf(upload)).toBe(0);
    await quota.add(quotaMonth(now), "api", 500);
    expect(await platform.deliver({ entryId: "b", message: message("other") }, to())).toMatchObject({
      kind: "rejected",
    });
    expect(
      await platform.deliver({ entryId: "c", message: message("fire", "critical"), picture: png }, to()),
    ).toMatchObject({ kind: "delivered" });
    await fake.until(() => fake.messages().some(({ title }) => title.startsWith("95 %")));
    await expect
      .poll(() => platform.quota?.())
      .toMatchObject({
        month: "2026-09",
        counted: [
          { used: 4_804, of: 5_000 },
          { used: 0, of: 3_000 },
        ],
        now: { en: "nearly used up: only critical alerts are sent, as text" },
      });
  });

  it("sends what is not critical by the overflow once the quota is nearly used up", async () => {
    const quota = createMemoryQuotaStore();
    await quota.add(quotaMonth(now), "api", 4_800);
    const over: string[] = [];
    const platform = open({
      quota,
      overflow: ({ entryId }) => {
        over.push(entryId);
        return Promise.resolve({ kind: "delivered", ref: { channel: "group", id: entryId } });
      },
    });
    expect(await platform.deliver({ entryId: "b", message: message("other") }, to())).toMatchObject({
      kind: "delivered",
    });
    fake.faults.next(send, {
      kind: "answer",
      status: 403,
      body: { code: "Forbidden.AccessDenied.ApiCountLimitForOrg", message: "no" },
    });
    const fire = { entryId: "c", message: message("fire", "critical") };
    expect(await platform.deliver(fire, to())).toMatchObject({ kind: "delivered" });
    expect(over).toEqual(["b", "c"]);
  });

  it("holds nothing back behind a robot that is shut", async () => {
    const quota = createMemoryQuotaStore();
    await quota.add(quotaMonth(now), "api", 4_800);
    const answers = [3_750, 600_000].map((afterMs) => ({
      kind: "retry" as const,
      afterMs,
      reason: "too fast",
    }));
    const platform = open({
      quota,
      overflow: () => Promise.resolve(answers.shift() ?? { kind: "unclear", reason: "?" }),
    });
    const post = { entryId: "b", message: message("other") };
    expect(await platform.deliver(post, to())).toMatchObject({ kind: "retry", afterMs: 3_750 });
    expect(await platform.deliver(post, to())).toMatchObject({ kind: "rejected" });
  });

  describe("a DING", () => {
    const pressing = {
      entryId: "p",
      message: message("Critical · run42 · loss became NaN", "critical"),
      presses: ["u1", "all"],
    };

    it("reaches people by their ids, as plain text, and counts as a call", async () => {
      const quota = createMemoryQuotaStore();
      const platform = open({ ding: "phone", quota });
      expect(await platform.deliver(pressing, to())).toMatchObject({ kind: "delivered" });
      expect(fake.world.dings).toMatchObject([
        { remindType: 3, receiverUserIdList: ["u1"], content: "Critical · run42 · loss became NaN" },
      ]);
      expect(await quota.read(quotaMonth(now))).toMatchObject({ api: 1 });
      expect(fake.messages()).toEqual([]);
      expect(fake.problems()).toEqual([]);
    });

    it("is not sent where it is off", async () => {
      expect(await open().deliver(pressing, to())).toMatchObject({ kind: "rejected" });
      expect(fake.world.dings).toEqual([]);
    });

    it("whose answer was lost is not repeated", async () => {
      fake.faults.next("/v1.0/robot/ding/send", { kind: "lost" });
      expect(await open({ ding: "app" }).deliver(pressing, to())).toMatchObject({ kind: "delivered" });
      expect(fake.world.dings).toHaveLength(1);
    });

    it("that the organisation cannot send says why", async () => {
      const body = { code: "ding.serverquota.insufficient", message: "no" };
      fake.faults.next("/v1.0/robot/ding/send", { kind: "answer", status: 400, body });
      const outcome = await open({ ding: "app" }).deliver(pressing, to());
      expect(outcome).toMatchObject({
        kind: "rejected",
        reason: expect.stringContaining("used up") as string,
      });
    });
  });

  it("writes no secret to the log", async () => {
    const platform = open();
    fake.faults.next(send, {
      kind: "answer",
      status: 403,
      body: { code: "Forbidden.AccessDenied.IpNotInWhiteList", message: "no" },
    });
    await platform.deliver({ entryId: "e", message: message("m") }, to());
    const log = JSON.stringify(platform.lines);
    expect(log).toContain("dingtalk_refused");
    expect(secretsIn(platform.lines, fake)).toEqual([]);
  });
});

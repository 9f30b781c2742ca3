import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readDingTalkWebhookOptions } from "../../src/chat/dingtalk/dingtalk-config.js";
import { createDingTalkWebhook } from "../../src/chat/dingtalk/dingtalk-webhook.js";
import { signatureOf, signedAddress } from "../../src/chat/dingtalk/webhook-sign.js";
import type { ChatPlatform } from "../../src/chat/platform.js";
import { type FakeDingTalk, startFakeDingTalk } from "../support/fake-dingtalk/fake-dingtalk.js";
import { createManualTimers } from "../support/manual-timers.js";
import { recordingLog } from "../support/slack-rig.js";

const path = "/robot/send";

describe("a custom group robot", () => {
  let now = 1_790_000_000_000;
  let fake: FakeDingTalk;
  let platform: ChatPlatform;
  const log = recordingLog();
  beforeEach(async () => {
    now = 1_790_000_000_000;
    fake = await startFakeDingTalk({ now: () => now });
    platform = open(fake.webhookEnv);
  });
  afterEach(() => fake.stop());
  const open = (env: Readonly<Record<string, string>>) => {
    const read = readDingTalkWebhookOptions(env);
    if (read.kind !== "on") throw new Error("refused");
    return createDingTalkWebhook({
      ...read.options,
      place: "group",
      clock: { now: () => now },
      log,
      timings: { callMs: 300 },
    });
  };
  const say = (entryId: string) =>
    platform.deliver(
      {
        entryId,
        message: {
          tone: "warning",
          headline: `said ${entryId}`,
          blocks: [
            {
              kind: "text",
              content: [
                { kind: "mention", id: "u1" },
                { kind: "mention", id: "all" },
              ],
            },
          ],
        },
      },
      group,
    );
  const group = { platform: "dingtalk-webhook", address: "group" };
  const answer = (errcode: number | string, errmsg: string) =>
    ({ kind: "answer", status: 200, body: { errcode, errmsg } }) as const;

  it("signs as the documentation's sum does", () => {
    expect(signatureOf("SECtest", 1_700_000_000_000)).toBe("aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g=");
  });

  it("encodes the signature once, after what the address holds already", () => {
    const address = signedAddress(
      "https://oapi.dingtalk.com/robot/send?access_token=T",
      "SECtest",
      1_700_000_000_000,
    );
    expect(address).toBe(
      "https://oapi.dingtalk.com/robot/send?access_token=T&timestamp=1700000000000&sign=aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g%3D",
    );
    expect(signedAddress("https://oapi.dingtalk.com/robot/send?access_token=T", undefined, 1)).not.toMatch(
      /sign/,
    );
  });

  it("says 18 of 40 messages in the first minute, and the rest later, in order", async () => {
    const waiting = Array.from({ length: 40 }, (_entry, at) => `n${at}`);
    const start = now;
    let first = 0;
    for (let entry = waiting.shift(); entry !== undefined;) {
      const outcome = await say(entry);
      if (outcome.kind === "delivered") {
        if (now - start < 60_000) first += 1;
        entry = waiting.shift();
      } else if (outcome.kind === "retry") now += outcome.afterMs;
      else throw new Error(outcome.reason);
    }
    expect(first).toBeLessThanOrEqual(18);
    expect(first).toBeGreaterThan(15);
    for (const { at: since } of fake.calls)
      expect(fake.calls.filter(({ at }) => at >= since && at < since + 60_000).length).toBeLessThanOrEqual(
        18,
      );
    expect(fake.messages("webhook").map(({ title }) => title)).toEqual(
      Array.from({ length: 40 }, (_entry, at) => `said n${at}`),
    );
    expect(fake.problems()).toEqual([]);
  });

  it("says once what is tried again after a lost answer, signed anew, and never calls it unclear", async () => {
    fake.faults.next(path, { kind: "lost" });
    fake.faults.next(path, { kind: "half" });
    fake.faults.next(path, { kind: "answer", status: 502, body: "<html>bad gateway</html>" });
    const kinds: string[] = [];
    for (let tries = 0; tries < 4; tries += 1) {
      const outcome = await say("a");
      kinds.push(outcome.kind);
      now += outcome.kind === "retry" ? Math.max(outcome.afterMs, 3_750) : 0;
    }
    expect(kinds).toEqual(["retry", "retry", "retry", "delivered"]);
    expect(fake.messages("webhook")).toHaveLength(1);
    // Each sending takes its turn of the pace: four, and no call besides.
    expect(fake.calls).toHaveLength(4);
    const signed = fake.calls.map(({ query }) => [query.get("timestamp"), query.get("sign")]);
    expect(signed.map(([timestamp]) => timestamp)).toEqual(fake.calls.map(({ at }) => String(at)));
    expect(new Set(signed.map(([, sign]) => sign)).size).toBe(4);
    expect(new Set(fake.calls.map(({ body }) => body["msgUuid"])).size).toBe(1);
  });

  it("names people by id, and never everybody", async () => {
    await say("a");
    expect(fake.messages("webhook")[0]?.at).toEqual(["u1"]);
  });

  it("stays quiet for ten minutes where it was too fast", async () => {
    fake.faults.next(path, answer(130101, "send too fast, exceed 20 times per minute"));
    expect(await say("a")).toMatchObject({ kind: "retry", afterMs: 600_000 });
    now += 599_000;
    expect(await say("a")).toMatchObject({ kind: "retry", afterMs: 1_000 });
    expect(fake.calls).toHaveLength(1);
    now += 1_000;
    expect(await say("a")).toMatchObject({ kind: "delivered" });
  });

  const remedies = [/DINGTALK_WEBHOOK_KEYWORD/, /clock/, /DINGTALK_WEBHOOK_SECRET/, /address/];
  it.each([
    ["keywords not in content", 0],
    ["invalid timestamp", 1],
    ["sign not match", 2],
    ["ip 1.2.3.4 not in whitelist", 3],
  ])("says what to do about %s, and does not insist", async (errmsg, which) => {
    await platform.start(() => Promise.reject(new Error("it hears nothing")));
    fake.faults.next(path, answer(310000, errmsg));
    const outcome = await say("a");
    expect(outcome).toMatchObject({ kind: "retry", afterMs: 300_000 });
    const reason = outcome.kind === "retry" ? outcome.reason : "";
    expect(remedies.map((remedy) => remedy.test(reason))).toEqual(
      remedies.map((_remedy, at) => at === which),
    );
    expect(platform.health()).toEqual({ state: "unauthorised", detail: reason });
    expect(fake.calls).toHaveLength(1);
  });

  it.each([
    { errcode: "0", errmsg: "ok", outcome: "delivered" },
    { errcode: -1, errmsg: "system busy", outcome: "retry" },
    { errcode: 90030, errmsg: "webhook over limit", outcome: "retry" },
    { errcode: 400102, errmsg: "robot stopped", outcome: "rejected" },
    { errcode: 400106, errmsg: "robot not in group", outcome: "rejected" },
    { errcode: 300005, errmsg: "token is not exist", outcome: "retry" },
    { errcode: 300001, errmsg: "nobody knows", outcome: "rejected" },
  ])("reads $errcode from the body, not from the status: $outcome", async ({ errcode, errmsg, outcome }) => {
    fake.faults.next(path, answer(errcode, errmsg));
    expect((await say("a")).kind).toBe(outcome);
  });

  it("offers no link that would say a command to nobody", async () => {
    const touch = { kind: "command", text: "Status", command: "/tb status run42" } as const;
    const blocks = [{ kind: "text", content: [touch, " · ", touch] } as const];
    const message = { tone: "warning", headline: "loss rose", blocks } as const;
    expect(await platform.deliver({ entryId: "a", message }, group)).toMatchObject({ kind: "delivered" });
    expect(fake.messages("webhook").map(({ text }) => text)).toEqual([
      expect.not.stringMatching(/dtmd|Status/),
    ]);
  });

  it("puts its keyword in front", async () => {
    await fake.stop();
    fake = await startFakeDingTalk({ now: () => now, keyword: "TensorBell" });
    platform = open({ ...fake.webhookEnv, DINGTALK_WEBHOOK_KEYWORD: "TensorBell" });
    expect(await say("a")).toMatchObject({ kind: "delivered" });
  });

  it("warns of the month's quota although the messages that used it up also used up its pace", async () => {
    const read = readDingTalkWebhookOptions(fake.webhookEnv);
    if (read.kind !== "on") throw new Error("refused");
    const time = createManualTimers(now);
    let isWaiting = (): void => undefined;
    const waits = new Promise<void>((resolve) => (isWaiting = resolve));
    platform = createDingTalkWebhook({
      ...read.options,
      place: "group",
      clock: { now: () => time.now() },
      timers: {
        ...time,
        after(ms, run) {
          isWaiting();
          return time.after(ms, run);
        },
      },
      log,
      budget: { api: 100, webhookStream: 3 },
    });
    expect(await say("a")).toMatchObject({ kind: "delivered" });
    expect(await say("b")).toMatchObject({ kind: "delivered" });
    time.advance(3_750);
    expect(await say("c")).toMatchObject({ kind: "delivered" });
    await waits;
    expect(fake.messages("webhook")).toHaveLength(3);
    time.advance(3_750);
    await fake.until(() => fake.calls.some(({ body }) => JSON.stringify(body).includes("95 %")));
    await platform.stop();
  });

  it("writes no address and no secret to the log", () => {
    expect(JSON.stringify(log.lines)).not.toMatch(/fake-webhook-token|SECfake|sign=/);
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DingTalkPlatformOptions } from "../../src/chat/dingtalk/dingtalk-platform.js";
import type { Post } from "../../src/message/post.js";
import type { CommandRequest, Reply } from "../../src/commands/command.js";
import { dingtalkTimings } from "../../src/chat/dingtalk/dingtalk-timings.js";
import { dingTalkPlatformAt, secretsIn } from "../support/dingtalk-rig.js";
import { createManualTimers, type ManualTimers } from "../support/manual-timers.js";
import { type FakeDingTalk, startFakeDingTalk } from "../support/fake-dingtalk/fake-dingtalk.js";

const robotTopic = "/v1.0/im/bot/messages/get";
const gatewayPath = "/v1.0/gateway/connections/open";
/** A minute of the product's own pauses passes when the test says so. */
const real = dingtalkTimings;

describe("the line of Stream mode", () => {
  let fake: FakeDingTalk;
  let platform: ReturnType<typeof dingTalkPlatformAt>;
  let time: ManualTimers;
  const heard: CommandRequest[] = [];
  let answer: (request: CommandRequest) => Promise<Reply>;
  const gatewayCalls = () => fake.calls.filter(({ path }) => path === gatewayPath).length;
  const open = async (given: Partial<DingTalkPlatformOptions> = {}) => {
    time = createManualTimers();
    platform = dingTalkPlatformAt(fake, { clock: time, timers: time, timings: real, ...given });
    await platform.start((request) => {
      heard.push(request);
      return answer(request);
    });
  };
  const texts = () => heard.map(({ text }) => text);
  /** What is waited for besides the answer to a handshake and the first ping of a line that has just opened: no time passes then. */
  const pauses = () => time.waits.filter((ms) => ms !== real.handshakeMs && ms !== real.pingMs);
  /** Waits until an attempt has failed and the next one is waiting, and answers how long it will. */
  const pauseBeforeNext = async (): Promise<number> => {
    await fake.until(() => pauses().length === 1 && platform.health().state !== "up");
    return pauses()[0] ?? 0;
  };
  /** Lets that long pass, so that the next attempt begins, and answers with the pause after it. */
  const nextAttempt = async (pause: number): Promise<number> => {
    const before = gatewayCalls();
    time.advance(pause);
    await fake.until(() => gatewayCalls() > before);
    return pauseBeforeNext();
  };

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

  it("opens the next line at a goodbye, before the old one goes, and loses and doubles nothing", async () => {
    await open();
    time.advance(2_000);
    const close = fake.gateway.goodbye();
    await fake.until(() => fake.gateway.opened === 2);
    const first = await fake.says({ text: "one", msgId: "m1" });
    expect(first?.socket).toBe(2);
    // The old line is still heard, and says it again.
    const again = await fake.says({ text: "one", msgId: "m1", socket: 1 });
    expect([again?.code, again?.socket]).toEqual([200, 1]);
    const late = await fake.gateway.push(
      robotTopic,
      {
        text: { content: "late" },
        conversationId: "c",
        conversationType: "2",
        msgId: "m9",
        senderStaffId: "u1",
      },
      { socket: 1 },
    );
    expect(late?.socket).toBe(1);
    expect(fake.gateway.open).toBe(2);
    close();
    await fake.until(() => fake.gateway.open === 1);
    await fake.says({ text: "two", msgId: "m2" });
    expect(texts()).toEqual(["one", "late", "two"]);
    expect(platform.health().state).toBe("up");
    expect(fake.gateway.lost).toBe(0);
  });

  it("ends the old line itself where the server forgets to", async () => {
    await open();
    time.advance(2_000);
    fake.gateway.goodbye();
    await fake.until(() => platform.health().state === "up" && fake.gateway.open === 2);
    await fake.says({ text: "one" });
    time.advance(real.overlapMs);
    await fake.until(() => fake.gateway.open === 1);
    expect((await fake.says({ text: "two" }))?.socket).toBe(2);
  });

  it("replaces a line by itself after six hours, before the server does", async () => {
    await open();
    // Something is heard every fifty seconds: the line is old, not idle.
    const start = time.now();
    while (gatewayCalls() === 1) {
      expect(time.now() - start).toBeLessThan(real.rotateMs * 1.1 + 50_000);
      time.advance(50_000);
      if (gatewayCalls() === 1)
        await fake.gateway.push("ping", { opaque: "x" }, { type: "SYSTEM", socket: 1 });
    }
    expect(time.now() - start).toBeGreaterThan(real.rotateMs * 0.9);
    await fake.until(() => fake.gateway.opened === 2);
    expect((await fake.says({ text: "status" }))?.socket).toBe(2);
    expect(fake.gateway.lost).toBe(0);
  });

  it("makes one connection of twenty goodbyes at once", async () => {
    await open();
    time.advance(2_000);
    const goodbye = JSON.stringify({ type: "SYSTEM", headers: { topic: "disconnect" }, data: "{}" });
    for (let times = 0; times < 20; times += 1) fake.gateway.raw(goodbye);
    await fake.gateway.push("ping", { opaque: "after them" }, { type: "SYSTEM", socket: 1 });
    await fake.until(() => fake.gateway.opened === 2);
    expect((await fake.says({ text: "status" }))?.socket).toBe(2);
    expect(gatewayCalls()).toBe(2);
  });

  it("asks with growing pauses while a server sends it away as soon as it came", async () => {
    await open();
    fake.gateway.goodbye();
    await fake.until(() => time.waits.some((ms) => ms <= real.backoffFirstMs));
    expect(gatewayCalls()).toBe(1);
    time.advance(real.backoffFirstMs);
    await fake.until(() => fake.gateway.opened === 2);
  });

  it("asks seldom while the handshake is refused for five minutes, never twice at once, and recovers with one line", async () => {
    fake.gateway.mode = "refuse";
    await open();
    const start = time.now();
    for (let pause = await pauseBeforeNext(), attempt = 0; time.now() - start < 300_000; attempt += 1) {
      const ceiling = Math.min(real.backoffCapMs, real.backoffFirstMs * 2 ** attempt);
      expect(pause).toBeGreaterThanOrEqual(ceiling / 2);
      expect(pause).toBeLessThanOrEqual(ceiling);
      pause = await nextAttempt(pause);
      expect(gatewayCalls()).toBe(attempt + 2);
      expect(fake.gateway.open).toBe(0);
    }
    expect(gatewayCalls()).toBeLessThan(18);
    fake.gateway.mode = "open";
    time.advance(await pauseBeforeNext());
    await fake.until(() => platform.health().state === "up");
    expect(fake.gateway.open).toBe(1);
    expect((await fake.says({ text: "status" }))?.code).toBe(200);
    expect(texts()).toEqual(["status"]);
  });

  it("keeps its pauses growing when lines open and are cut at once, until something was heard", async () => {
    fake.gateway.mode = "drop";
    await open();
    let pause = await pauseBeforeNext();
    for (let attempt = 0; attempt < 6; attempt += 1) {
      expect(pause).toBeGreaterThanOrEqual((real.backoffFirstMs * 2 ** attempt) / 2);
      pause = await nextAttempt(pause);
    }
    fake.gateway.mode = "open";
    time.advance(pause);
    await fake.until(() => platform.health().state === "up");
    await fake.says({ text: "status" });
    fake.gateway.cut();
    expect(await pauseBeforeNext()).toBeLessThanOrEqual(real.backoffFirstMs);
  });

  it("gives up a handshake that is never answered, after ten seconds, and will try again", async () => {
    fake.gateway.mode = "mute";
    const started = open();
    await fake.until(() => fake.gateway.reached === 1);
    time.advance(real.handshakeMs - 1);
    expect([fake.gateway.reached, platform.health().state]).toEqual([1, "connecting"]);
    time.advance(1);
    await started;
    await fake.until(() => fake.gateway.reached === 0);
    expect(await pauseBeforeNext()).toBeLessThanOrEqual(real.backoffFirstMs);
    expect(platform.health()).toMatchObject({
      state: "connecting",
      detail: expect.stringMatching(/handshake/) as string,
    });
  });

  it("gives up a gateway call that is never answered, and will try again", async () => {
    fake.faults.next(gatewayPath, { kind: "hang" });
    await open({ timings: { ...real, handshakeMs: 100 } });
    expect(platform.health()).toMatchObject({ state: "connecting" });
    expect(await pauseBeforeNext()).toBeLessThanOrEqual(real.backoffFirstMs);
    await fake.until(() => fake.connections() === 0);
  });

  it("asks for another ticket where the first was too old when it was used, and uses none twice", async () => {
    fake.gateway.stale = 2;
    await open();
    time.advance(await nextAttempt(await pauseBeforeNext()));
    await fake.until(() => platform.health().state === "up");
    expect([gatewayCalls(), fake.gateway.opened]).toEqual([3, 1]);
  });

  it("says what to check where the gateway refuses, asks at most once a minute, and recovers", async () => {
    const stop = fake.faults.always(gatewayPath, {
      kind: "answer",
      status: 400,
      body: { code: "authFailed", message: "鉴权失败" },
    });
    await open();
    expect(platform.health()).toMatchObject({
      state: "unauthorised",
      detail: expect.stringMatching(/Stream mode.*published/) as string,
    });
    let pause = await pauseBeforeNext();
    for (let attempt = 0; attempt < 4; attempt += 1) {
      expect(pause).toBeGreaterThanOrEqual(real.refusedMs);
      pause = await nextAttempt(pause);
    }
    expect(platform.lines.filter(({ event }) => event === "dingtalk_not_connected")).toHaveLength(1);
    stop();
    time.advance(pause);
    await fake.until(() => platform.health().state === "up");
  });

  it("rejects the start where the credentials are refused", async () => {
    time = createManualTimers();
    platform = dingTalkPlatformAt(fake, { clientId: "wrong", timers: time });
    await expect(platform.start(() => Promise.reject(new Error("unused")))).rejects.toThrow(
      /DINGTALK_CLIENT_ID/,
    );
    expect(gatewayCalls()).toBe(0);
  });

  it("notices within ninety seconds that a line went dead in silence", async () => {
    await open();
    await fake.says({ text: "status" });
    const thaw = fake.gateway.freeze();
    let silent = 0;
    while (platform.health().state === "up") {
      time.advance(1_000);
      silent += 1_000;
    }
    expect(silent).toBeLessThanOrEqual(90_000);
    time.advance(await pauseBeforeNext());
    await fake.until(() => fake.gateway.opened === 2);
    thaw();
  });

  it("keeps a line over which nothing comes but pongs", async () => {
    await open();
    for (let pings = 1; pings * real.pingMs < 10 * real.idleMs; pings += 1) {
      time.advance(real.pingMs);
      await fake.until(() => fake.gateway.pings === pings);
      await fake.gateway.read();
      expect(platform.health().state).toBe("up");
    }
    expect(fake.gateway.opened).toBe(1);
  });

  it("loses and doubles nothing while DingTalk is away for a minute", async () => {
    await open();
    await fake.outage();
    const to = { platform: "dingtalk", address: fake.group };
    const post = (entryId: string): Post => ({
      entryId,
      message: { tone: "critical", headline: entryId, blocks: [] },
    });
    // As the lane does: the head is tried again after what it is asked to wait, the others behind it.
    const waiting = ["one", "two", "three"];
    const gone = time.now();
    while (time.now() - gone < 60_000) {
      const outcome = await platform.deliver(post(waiting[0] ?? ""), to);
      if (outcome.kind !== "retry") throw new Error(`${outcome.kind} while nothing can be reached`);
      time.advance(outcome.afterMs);
    }
    await fake.back();
    while (waiting.length > 0)
      if ((await platform.deliver(post(waiting[0] ?? ""), to)).kind === "delivered") waiting.shift();
    expect(fake.messages().map(({ title }) => title)).toEqual(["one", "two", "three"]);
    // An attempt that was under way as DingTalk came back needs no other.
    await fake.until(() => platform.health().state === "up" || pauses().length === 1);
    if (platform.health().state !== "up") time.advance(await pauseBeforeNext());
    await fake.until(() => platform.health().state === "up");
    expect((await fake.says({ text: "status" }))?.code).toBe(200);
    expect(texts()).toEqual(["status"]);
    expect(fake.gateway.open).toBe(1);
  });

  it("does not wait with an answer that nobody takes when it stops", async () => {
    await open();
    let finish: (reply: Reply) => void = () => undefined;
    answer = () => new Promise((resolve) => (finish = resolve));
    await fake.says({ text: "slow" });
    await fake.outage();
    finish({ message: { tone: "info", headline: "done", blocks: [] }, visibility: "asker" });
    await fake.until(() => time.waits.includes(5_000));
    await platform.stop();
    expect(platform.lines.map(({ event }) => event)).toContain("dingtalk_reply_not_delivered");
    await fake.back();
  });

  it("outlives a frame far too large", async () => {
    await open();
    fake.gateway.raw("x".repeat(2_000_000));
    time.advance(await pauseBeforeNext());
    await fake.until(() => fake.gateway.opened === 2);
    expect((await fake.says({ text: "status" }))?.code).toBe(200);
  });

  it("sends no acknowledgement over another line than the frame's own", async () => {
    await open();
    let finish: (reply: Reply) => void = () => undefined;
    answer = () => new Promise((resolve) => (finish = resolve));
    expect((await fake.says({ text: "slow", msgId: "slow" }))?.socket).toBe(1);
    fake.gateway.cut();
    time.advance(await pauseBeforeNext());
    await fake.until(() => platform.health().state === "up");
    finish({ message: { tone: "info", headline: "done", blocks: [] }, visibility: "asker" });
    await fake.until(() => fake.messages().some(({ title }) => title === "done"));
    answer = ({ text }) =>
      Promise.resolve({ message: { tone: "info", headline: text, blocks: [] }, visibility: "asker" });
    expect((await fake.says({ text: "next" }))?.socket).toBe(2);
  });

  it.each([
    ["waits after a refused handshake", "refuse", () => pauses().length === 1],
    ["waits for the handshake's answer", "mute", () => fake.gateway.reached === 1],
    ["waits after a line that was cut", "drop", () => fake.gateway.opened === 1 && pauses().length === 1],
    ["is connected", "open", () => platform.health().state === "up"],
    ["waits for the gateway", "hang", () => gatewayCalls() === 1],
    ["has two lines", "goodbye", () => fake.gateway.open === 2 && platform.health().state === "up"],
  ] as const)("leaves nothing behind when it stops while it %s", async (_what, mode, reached) => {
    if (mode === "hang") fake.faults.next(gatewayPath, { kind: "hang" });
    else if (mode !== "goodbye") fake.gateway.mode = mode;
    const started = open();
    if (mode === "goodbye") {
      await started;
      time.advance(2_000);
      fake.gateway.goodbye();
    }
    await fake.until(reached);
    await platform.stop();
    await started;
    expect(time.waits).toEqual([]);
    await fake.until(() => fake.connections() === 0);
    expect(platform.health().state).toBe("down");
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CommandRequest } from "../../src/commands/command.js";
import type { MessageRef } from "../../src/message/post.js";
import { cardVariables } from "../../src/chat/dingtalk/card-template.js";
import type { DingTalkPlatformOptions } from "../../src/chat/dingtalk/dingtalk-platform.js";
import { createRecentMarks } from "../../src/chat/dingtalk/mark-store.js";
import { createMemoryQuotaStore } from "../../src/chat/dingtalk/quota-store.js";
import { dingTalkPlatformAt, quickDingTalk, secretsIn } from "../support/dingtalk-rig.js";
import { createManualTimers, type ManualTimers } from "../support/manual-timers.js";
import { type FakeDingTalk, startFakeDingTalk } from "../support/fake-dingtalk/fake-dingtalk.js";

const create = "/v1.0/card/instances/createAndDeliver";
const update = "/v1.0/card/instances";

describe("a run's card", () => {
  let fake: FakeDingTalk;
  let platform: ReturnType<typeof dingTalkPlatformAt>;
  let time: ManualTimers;
  const minute = quickDingTalk.cardEveryMs ?? 0;
  const heard: CommandRequest[] = [];
  let meanwhile: () => Promise<unknown>;
  const open = async (given: Partial<DingTalkPlatformOptions> = {}) => {
    platform = dingTalkPlatformAt(fake, {
      cardTemplateId: "fake-template.schema",
      clock: time,
      timers: time,
      ...given,
    });
    await platform.start(async (request) => {
      heard.push(request);
      await meanwhile();
      return {
        message: { tone: "info", headline: `did ${request.text}`, blocks: [] },
        visibility: "everybody",
      };
    });
  };
  beforeEach(async () => {
    heard.length = 0;
    meanwhile = () => Promise.resolve();
    fake = await startFakeDingTalk();
    time = createManualTimers();
    await open();
  });
  afterEach(async () => {
    await platform.stop();
    expect(time.waits).toEqual([]);
    await fake.until(() => fake.connections() === 0);
    expect(fake.problems()).toEqual([]);
    expect(secretsIn(platform.lines, fake)).toEqual([]);
    await fake.stop();
  });
  const to = () => ({ platform: "dingtalk", address: fake.group });
  const post = (headline: string) => ({
    entryId: "r1/root",
    message: { tone: "warning" as const, headline, blocks: [] },
    opens: true,
  });
  const outcome = (headline: string) => platform.deliver(post(headline), to());
  const opened = async (): Promise<MessageRef> => {
    const said = await outcome("run one");
    if (said.kind !== "delivered") throw new Error(said.reason);
    return said.ref;
  };
  const cards = () => [...fake.world.cards.values()];
  const callsOf = (path: string) => fake.calls.filter((call) => call.path === path).length;

  it("opens the conversation, is updated in place, and coalesces to the newest state", async () => {
    const root = await opened();
    expect(cards()).toMatchObject([{ place: fake.group, values: { title: "run one", severity: "warning" } }]);
    for (const state of ["two", "three", "four"]) {
      expect(await platform.deliver({ ...post(state), edits: root }, to())).toEqual({
        kind: "delivered",
        ref: root,
      });
    }
    expect(cards()[0]?.updates).toBe(0);
    time.advance(minute);
    await fake.until(() => cards()[0]?.values["title"] === "four");
    expect(cards()[0]?.updates).toBe(1);
    expect(fake.messages()).toEqual([]);
  });

  it("mentions who is responsible as it arrives, and never everybody", async () => {
    const mention = [fake.member, "all", "@ALL", "not an id"];
    expect(await platform.deliver({ ...post("run one"), mention }, to())).toMatchObject({
      kind: "delivered",
    });
    expect(cards().map(({ at }) => at)).toEqual([[fake.member]]);
  });

  it("is brought up to date a minute later where an update did not come through", async () => {
    const root = await opened();
    time.advance(minute);
    fake.faults.next(update, { kind: "answer", status: 500, body: "oops" });
    fake.faults.next(update, {
      kind: "answer",
      status: 403,
      body: { code: "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", message: "slow down" },
    });
    await platform.deliver({ ...post("two"), edits: root }, to());
    await platform.deliver({ ...post("three"), edits: root }, to());
    expect(callsOf(update)).toBe(1);
    time.advance(minute);
    await fake.until(() => callsOf(update) === 2 && time.waits.includes(minute));
    expect(cards()[0]?.values["title"]).toBe("run one");
    time.advance(minute);
    await fake.until(() => cards()[0]?.values["title"] === "three");
    expect(callsOf(update)).toBe(3);
  });

  it("is sent the template's variables, and shows the newest alert's chart by its media id", async () => {
    const root = await opened();
    expect(Object.keys(cards()[0]?.values ?? {}).sort()).toEqual(Object.keys(cardVariables).sort());
    expect(cards()[0]?.values["chart"]).toBe("");
    const head = Buffer.from("89504e470d0a1a0a00", "hex");
    const picture = { kind: "png" as const, png: Uint8Array.from(head), name: "chart.png", alt: "loss" };
    await platform.deliver({ ...post("fire"), entryId: "a1", opens: false, replyTo: root, picture }, to());
    time.advance(minute);
    await fake.until(() => fake.world.media.has(cards()[0]?.values["chart"] ?? ""));
    expect(fake.messages()[0]?.text).toContain(`![chart](${cards()[0]?.values["chart"] ?? ""})`);
    expect(cards()[0]).toMatchObject({ updates: 1, values: { title: "run one" } });
  });

  it("keeps each value within its kilobyte, whole words and all of it counted", async () => {
    const line = (at: number) => `第 ${at} 行 🎉`;
    const rows = Array.from({ length: 100 }, (_row, at) => [line(at), "0.31"]);
    const text = Array.from({ length: 100 }, (_block, at) => ({
      kind: "text" as const,
      content: [line(at)],
    }));
    const blocks = [...text, { kind: "table" as const, columns: ["标签", "值"], rows }];
    const message = { tone: "critical" as const, headline: "严重".repeat(300), blocks };
    expect(await platform.deliver({ entryId: "r1/root", message, opens: true }, to())).toMatchObject({
      kind: "delivered",
    });
    const values = cards()[0]?.values ?? {};
    for (const value of Object.values(values)) expect(Buffer.byteLength(value)).toBeLessThanOrEqual(1_024);
    expect(Buffer.byteLength(values["body"] ?? "")).toBeGreaterThan(600);
    expect(values["body"]).toMatch(/… \+\d+$/);
    expect(Object.values(values).join("")).not.toContain("\uFFFD");
  });

  it("is one card, however its answer was lost, and shows the newest state", async () => {
    fake.faults.next(create, { kind: "lost" });
    expect(await outcome("first")).toMatchObject({ kind: "retry" });
    expect(await outcome("second")).toMatchObject({ kind: "delivered" });
    expect(cards().map(({ values }) => values["title"])).toEqual(["second"]);
  });

  it.each([
    [
      "it was delivered nowhere",
      {
        status: 200,
        body: {
          success: true,
          result: { outTrackId: "x", deliverResults: [{ success: false, errorMsg: "spaceId illegal" }] },
        },
      },
    ],
    ["the template does not exist", { status: 400, body: { code: "param.templateNotExist", message: "no" } }],
  ])("gives way to a message where %s", async (_why, answer) => {
    fake.faults.next(create, { kind: "answer", ...answer });
    expect(await outcome("run one")).toMatchObject({ kind: "delivered" });
    expect(fake.messages().map(({ title }) => title)).toEqual(["run one"]);
    expect(cards()).toEqual([]);
  });

  it("gives way to a message where the robot is not in the card's group, which DingTalk calls a success", async () => {
    const elsewhere = { platform: "dingtalk", address: "cidElsewhere==" };
    const said = await platform.deliver(post("run one"), elsewhere);
    expect([callsOf(create), callsOf("/v1.0/robot/groupMessages/send")]).toEqual([1, 1]);
    expect(said).toMatchObject({ kind: "rejected" });
  });

  it("is one after a restart too, found by a quote and by a click", async () => {
    const marks = createRecentMarks();
    await platform.stop();
    await open({ marks });
    await fake.says({ text: "help" });
    const root = await opened();
    await platform.stop();
    await open({ marks });
    expect(await outcome("run one, again")).toEqual({ kind: "delivered", ref: root, once: true });
    expect(cards().map(({ outTrackId, values }) => [outTrackId, values["title"]])).toEqual([
      [root.id, "run one, again"],
    ]);
    expect(fake.messages().filter(({ via }) => via === "group")).toEqual([]);
    heard.length = 0;
    await fake.says({ text: "status", quotes: { key: cards()[0]?.carrierId ?? "" } });
    await fake.clicks({ card: root.id, action: "ack" });
    await fake.until(() => heard.length === 2);
    expect(heard.map(({ text, thread, actor }) => [text, thread, actor.kind])).toEqual([
      ["status", root, "member"],
      ["ack", root, "member"],
    ]);
  });

  it("shows at a stop what waited for its minute", async () => {
    const root = await opened();
    expect(await platform.deliver({ ...post("two"), edits: root }, to())).toMatchObject({
      kind: "delivered",
    });
    expect(callsOf(update)).toBe(0);
    await platform.stop();
    expect(cards()[0]?.values["title"]).toBe("two");
    expect(time.waits).toEqual([]);
  });

  it("that was deleted is gone, and its run needs another", async () => {
    const root = await opened();
    fake.world.cards.clear();
    time.advance(minute);
    expect(await platform.deliver({ ...post("two"), edits: root }, to())).toMatchObject({
      kind: "rejected",
      gone: true,
    });
  });

  it("takes a member's click for a command about its run, answers in time, and tells the group", async () => {
    const root = await opened();
    await fake.says({ text: "help" });
    const ack = await fake.clicks({ card: root.id, action: "mute" });
    expect(ack?.content).toEqual({ response: {} });
    await fake.until(() => fake.messages().some(({ title }) => title === "did mute 2h"));
    expect(heard[1]).toMatchObject({ text: "mute 2h", thread: root, actor: { kind: "member", id: "u1" } });
  });

  it("answers a click although no store answers, and says nothing of it before", async () => {
    const root = await opened();
    await platform.stop();
    const never = new Promise<never>(() => undefined);
    const silent = { put: () => never, get: () => never };
    await open({
      marks: silent,
      quota: { ...createMemoryQuotaStore(), add: () => never, read: () => never, once: () => never },
      timings: { ...quickDingTalk, drainMs: 1 },
    });
    expect((await fake.clicks({ card: root.id, action: "mute" }))?.content).toEqual({ response: {} });
    expect((await fake.says({ text: "status" }))?.code).toBe(200);
    expect(heard).toEqual([]);
  });

  it("shows everybody at once what came of a member's click, though its minute is not over", async () => {
    const root = await opened();
    await fake.says({ text: "help" });
    await platform.deliver({ ...post("two"), edits: root }, to());
    await fake.clicks({ card: root.id, action: "ack", corpId: "dingother" });
    await fake.until(() => heard.length === 2);
    await platform.deliver({ ...post("three"), edits: root }, to());
    expect(callsOf(update)).toBe(0);
    await fake.clicks({ card: root.id, action: "mute" });
    await fake.until(() => fake.messages().some(({ title }) => title === "did mute 2h"));
    await platform.deliver({ ...post("muted"), edits: root }, to());
    expect([callsOf(update), cards()[0]?.values["title"]]).toEqual([1, "muted"]);
    await platform.deliver({ ...post("later"), edits: root }, to());
    expect(callsOf(update)).toBe(1);
    time.advance(minute);
    await fake.until(() => cards()[0]?.values["title"] === "later");
  });

  it("is updated for everybody only after its click was answered", async () => {
    const root = await opened();
    time.advance(minute);
    const order: string[] = [];
    meanwhile = async () => {
      await platform.deliver({ ...post("muted"), edits: root }, to());
      order.push(`updated ${String(cards()[0]?.values["title"])}`);
    };
    const ack = await fake.clicks({ card: root.id, action: "mute" });
    order.push(`answered ${String(ack?.code)}, while the card says ${String(cards()[0]?.values["title"])}`);
    await fake.until(() => order.length === 2);
    expect(order).toEqual(["answered 200, while the card says run one", "updated muted"]);
  });

  it("knows a stranger's click, a click on a card that is not ours, and a button it does not have", async () => {
    const root = await opened();
    await fake.says({ text: "help" });
    const click = (more: Record<string, unknown>) =>
      fake.gateway.push("/v1.0/card/instances/callback", {
        outTrackId: root.id,
        userId: "u1",
        corpId: fake.world.corpId,
        content: JSON.stringify({ cardPrivateData: { actionIds: ["ack"] } }),
        ...more,
      });
    await click({ outTrackId: "tb-other" });
    await click({ content: JSON.stringify({ cardPrivateData: { actionIds: ["threshold loss 0"] } }) });
    await click({ corpId: "dingother" });
    await click({ content: undefined, value: JSON.stringify({ params: { action: "ack" } }) });
    await fake.until(() => heard.length === 3);
    expect(heard.slice(1).map(({ actor, text }) => [actor.kind, text])).toEqual([
      ["stranger", "ack"],
      ["member", "ack"],
    ]);
  });

  it("is what a quote of it means", async () => {
    const root = await opened();
    await fake.says({ text: "status", quotes: { key: cards()[0]?.carrierId ?? "" } });
    await fake.until(() => heard.length === 1);
    expect(heard[0]?.thread).toEqual(root);
  });

  it("is not updated where the quota runs low", async () => {
    const root = await opened();
    const low = dingTalkPlatformAt(fake, {
      clock: time,
      timers: time,
      cardTemplateId: "fake-template.schema",
      budget: { api: 101, webhookStream: 0 },
    });
    const before = callsOf(update);
    expect(await low.deliver({ ...post("two"), edits: root }, to())).toMatchObject({ kind: "delivered" });
    await low.deliver(
      {
        ...post("fire"),
        entryId: "x",
        message: { tone: "critical", headline: "fire", blocks: [] },
        opens: false,
      },
      to(),
    );
    time.advance(minute);
    await low.deliver({ ...post("three"), edits: root }, to());
    expect(callsOf(update) - before).toBe(1);
  });
});

describe("who is responsible", () => {
  it("gets the alert directly, because a group message can name nobody", async () => {
    const fake = await startFakeDingTalk();
    const platform = dingTalkPlatformAt(fake);
    const content = [
      { kind: "mention" as const, id: "u2" },
      { kind: "mention" as const, id: "gone" },
      { kind: "mention" as const, id: "all" },
    ];
    const alert = {
      entryId: "a",
      message: { tone: "critical" as const, headline: "fire", blocks: [{ kind: "text" as const, content }] },
    };
    await platform.deliver(alert, { platform: "dingtalk", address: fake.group });
    await fake.until(() => fake.messages("u2").length === 1);
    await fake.until(() => JSON.stringify(platform.lines).includes("not reached directly: gone"));
    expect(fake.messages("all")).toEqual([]);
    expect(fake.problems()).toEqual([]);
    await fake.stop();
  });
});

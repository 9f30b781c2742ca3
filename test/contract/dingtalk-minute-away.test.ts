import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createAlertBook } from "../../src/app/alert-book.js";
import { answerCommands } from "../../src/app/answer-commands.js";
import { parseConfig } from "../../src/app/config.js";
import { dingtalkTimings } from "../../src/chat/dingtalk/dingtalk-timings.js";
import type { ChatPlatform } from "../../src/chat/platform.js";
import { showRoot } from "../../src/jobs/show-root.js";
import { silentLog } from "../../src/lib/log.js";
import { createRedisLaneStore } from "../../src/redis/lane-store.js";
import { createRedisMarkStore } from "../../src/redis/mark-store.js";
import { createRedisOverrideStore } from "../../src/redis/override-store.js";
import { createRedisQuotaStore } from "../../src/redis/quota-store.js";
import { createRedisRunStore } from "../../src/redis/run-store.js";
import { createRedisWatchRegistry } from "../../src/redis/watch-registry.js";
import { dingTalkPlatformAt } from "../support/dingtalk-rig.js";
import { type FakeDingTalk, startFakeDingTalk } from "../support/fake-dingtalk/fake-dingtalk.js";
import { createManualTimers, type ManualTimers } from "../support/manual-timers.js";
import { startTestRedis, type TestRedis } from "../support/test-redis.js";
import { type RigProcess, WatchRig } from "../support/watch-rig.js";

const everyPath = [
  "/v1.0/oauth2/accessToken",
  "/v1.0/gateway/connections/open",
  "/v1.0/robot/groupMessages/send",
  "/v1.0/robot/oToMessages/batchSend",
  "/v1.0/card/instances/createAndDeliver",
  "/v1.0/card/instances",
  "/media/upload",
  "/robot/sendBySession",
];

/** Every way in and out of DingTalk goes; what is returned brings them back. */
const departures: Readonly<Record<string, (fake: FakeDingTalk) => Promise<() => Promise<void>>>> = {
  "takes no connection": async (fake) => {
    await fake.outage();
    return () => fake.back();
  },
  "answers 503 and cuts its lines": (fake) => {
    const body = { code: "ServiceUnavailable", message: "temporary failure of the server", requestid: "R" };
    const ends = everyPath.map((path) => fake.faults.always(path, { kind: "answer", status: 503, body }));
    fake.gateway.cut();
    return Promise.resolve(() => {
      for (const end of ends) end();
      return Promise.resolve();
    });
  },
};

const falling = Array.from({ length: 40 }, (_x, at) => 2 / (1 + at * 0.2) + 0.002 * (at % 3));
const rising = [...falling, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const broken = [1, 0.9, 0.8, Number.NaN];

const isAnswer = (title: string): boolean => /^Threshold set|is muted/.test(title);

describe("a minute without DingTalk, from event files to what people read", () => {
  let redis: TestRedis;
  let fake: FakeDingTalk;
  let rig: WatchRig;
  let bot: RigProcess;
  let time: ManualTimers;
  let platform: ChatPlatform;
  let lane: string;
  /** What an answer waits for before it is given to the platform. */
  let held: Promise<void>;

  beforeAll(async () => {
    redis = await startTestRedis();
  });
  beforeEach(async () => {
    await redis.clear();
    held = Promise.resolve();
    const { client } = redis;
    rig = new WatchRig({
      stores: {
        runs: createRedisRunStore(client),
        lanes: createRedisLaneStore(client),
        registry: createRedisWatchRegistry(client),
      },
    });
    time = createManualTimers(rig.now);
    fake = await startFakeDingTalk({ now: () => time.now() });
    lane = `dingtalk:${fake.group}`;
    bot = await rig.start();
  });
  afterEach(async () => {
    await platform.stop();
    await fake.stop();
    rig.dispose();
    expect(fake.problems()).toEqual([]);
  });
  afterAll(() => redis.stop());

  const open = async (cardTemplateId: string | undefined): Promise<void> => {
    platform = dingTalkPlatformAt(fake, {
      // The fake's answers take no time of this clock: no line is idle for having heard nothing in it.
      ...{ clock: time, timers: time, timings: { ...dingtalkTimings, idleMs: 86_400_000 } },
      ...{ marks: createRedisMarkStore(redis.client), quota: createRedisQuotaStore(redis.client) },
      ...(cardTemplateId === undefined ? {} : { cardTemplateId }),
    });
    const routing = { routes: [{ to: [lane], mention: [`dingtalk:${fake.member}`] }], owners: [] };
    Object.assign(bot.ports, { platforms: new Map([[platform.name, platform]]), routing });
    const answer = commands();
    await platform.start(async (request) => {
      const reply = await answer(request);
      await held;
      return reply;
    });
    await fake.until(() => platform.health().state === "up");
  };
  /** The product's own commands on the product's own stores. */
  const commands = (): ReturnType<typeof answerCommands> => {
    const parsed = parseConfig("", undefined, rig.root);
    if (parsed.kind !== "ok") throw new Error("an empty configuration is a good one");
    const { runs, registry, wakes } = bot.ports;
    return answerCommands({
      ...{ config: parsed.config, directory: bot.directory, alerts: createAlertBook({ registry, runs }) },
      ...{ overrides: createRedisOverrideStore(redis.client), mutes: rig.mutes, registry, runs },
      pipeline: {
        ...{ wakes, watch: () => Promise.resolve(), unwatch: () => Promise.resolve() },
        showRoot: (run) => showRoot(bot.ports, run),
      },
      ...{ clock: time, log: silentLog, rules: () => Promise.resolve(rig.rules), linkOf: () => undefined },
      platformOf: () => platform,
    });
  };
  /** One after the other, with all that they wake; a line that was lost waits for its next attempt or is there. */
  const seconds = async (count: number): Promise<void> => {
    for (let second = 0; second < count; second += 1) {
      await bot.look();
      if (second % 5 === 0) await bot.tick();
      await bot.settle();
      time.advance(1_000);
      rig.now = time.now();
      await fake.until(() => platform.health().state === "up" || time.waits.length > 0);
    }
  };
  /** Time goes on until it is so. */
  const comes = (condition: () => boolean): Promise<void> =>
    fake.until(() => {
      if (condition()) return true;
      time.advance(1_000);
      rig.now = time.now();
      return false;
    });
  const titles = (): readonly string[] => fake.messages().map(({ title }) => title);
  /** By the session of the question, or by the API where DingTalk came back between the two. */
  const answers = () => titles().filter(isAnswer);
  /** What concerns a run, in its order; cards are made, not said. */
  const saidOf = (run: string) => titles().filter((title) => title.includes(run) && !isAnswer(title));
  const cards = () => [...fake.world.cards.values()];
  const write = (name: string, values: readonly number[], more: { from?: number; tag?: string } = {}): void =>
    rig.write(name, { tag: "train/loss", values, ...more });

  const cases = Object.keys(departures).flatMap((how) =>
    ([undefined, "fake-template.schema"] as const).map((template) => ({
      how,
      template,
      kind: template === undefined ? "opening messages" : "cards",
    })),
  );
  it.each(cases)("loses and doubles nothing while DingTalk $how, with $kind", async ({ how, template }) => {
    await open(template);
    const hasCards = template !== undefined;
    write("exp/before", rising);
    await seconds(4);
    const before = titles();
    expect(saidOf("exp/before")).toHaveLength(hasCards ? 1 : 2);

    let release = (): void => undefined;
    held = new Promise((resolve) => (release = resolve));
    const quotes = { key: fake.messages().at(-1)?.key ?? "" };
    const asked = await fake.says({ text: "threshold loss 0.5", msgId: "asked-before", quotes });
    expect(asked?.code).toBe(200);
    const comeBack = await departures[how]?.(fake);
    const gone = time.now();
    release();
    await seconds(5);
    write("exp/inside", broken);
    await seconds(10);
    write("exp/before", [0.3, 0.29, 0.28, 0.27], { from: rising.length });
    await seconds(10);
    write("exp/other", rising);
    expect(await fake.says({ text: "mute exp/inside 2h", msgId: "asked-inside" })).toBeUndefined();
    await seconds(15);
    write("exp/inside", broken, { tag: "val/loss" });
    await seconds(20);
    expect(time.now() - gone).toBe(60_000);
    expect(titles()).toEqual(before);
    expect(await rig.stores.lanes.length(lane)).toBeGreaterThan(2);

    await comeBack?.();
    write("exp/after", broken);
    while (platform.health().state !== "up") await seconds(1);
    // What the gateway could not bring it says again, and once more because it missed the acknowledgement.
    for (let times = 0; times < 2; times += 1)
      expect((await fake.says({ text: "mute exp/inside 2h", msgId: "asked-inside" }))?.code).toBe(200);
    await seconds(70);
    await comes(() => answers().length === 2);
    if (hasCards) {
      await comes(() => cards()[0]?.values["title"]?.includes("no open alerts") === true);
      await comes(() => cards()[1]?.values["body"]?.includes("Muted") === true);
    }
    expect(await rig.stores.lanes.length(lane)).toBe(0);
    expect(fake.messages().filter(({ title }) => /^(?:Warning|Critical)/.test(title))).toHaveLength(5);
    for (const { title, text } of fake.messages())
      if (/^(?:Warning|Critical)/.test(title)) expect(text).toContain("![chart](@");

    // A conversation that opens shows its run as it is then; a card, made first, is brought up to date.
    const opening = (...lines: readonly string[]) => (hasCards ? [] : lines);
    expect({
      before: saidOf("exp/before"),
      inside: saidOf("exp/inside"),
      other: saidOf("exp/other"),
      after: saidOf("exp/after"),
      answers: answers(),
      cards: cards().map(({ values }) => values["title"]),
    }).toEqual({
      before: [
        ...opening("exp/before · running · 2 open alerts (warning) · step 45"),
        "Warning · exp/before · 2 alerts at once, first: train/loss lost…",
        "Resolved · exp/before · 2 alerts no longer open",
      ],
      inside: [
        ...opening("exp/inside · running · 2 open alerts (critical) · step 3"),
        "Critical · exp/inside · train/loss became NaN · since step 3, 0…",
        "Critical · exp/inside · val/loss became NaN · since step 3, 08:…",
      ],
      other: [
        ...opening("exp/other · running · 2 open alerts (warning) · step 45"),
        "Warning · exp/other · 2 alerts at once, first: train/loss lost …",
      ],
      after: [
        ...opening("exp/after · running · 1 open alert (critical) · step 3"),
        "Critical · exp/after · train/loss became NaN · since step 3, 08…",
      ],
      answers: [
        "Threshold set for exp/before: rises in a row by more than 0.5",
        "exp/inside is muted for 2h",
      ],
      cards: hasCards
        ? [
            "exp/before · running · no open alerts · step 49",
            "exp/inside · running · 2 open alerts (critical) · step 3",
            "exp/other · running · 2 open alerts (warning) · step 45",
            "exp/after · running · 1 open alert (critical) · step 3",
          ]
        : [],
    });
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Episode, Transition } from "../../src/alerts/episode.js";
import type { EntryBody, OutboxEntry } from "../../src/alerts/outbox-entry.js";
import { type Budget, freeBudget, warningAt } from "../../src/chat/dingtalk/budget.js";
import type { Spent } from "../../src/chat/dingtalk/quota-store.js";
import { deliver } from "../../src/jobs/deliver.js";
import type { Speaker } from "../../src/jobs/speaker.js";
import type { Wakes } from "../../src/jobs/wakes.js";
import { silentLog } from "../../src/lib/log.js";
import type { Inline, Message } from "../../src/message/message.js";
import { createRedisLaneStore } from "../../src/redis/lane-store.js";
import { createRedisQuotaStore } from "../../src/redis/quota-store.js";
import type { Severity } from "../../src/rules/rule.js";
import { type Run, runIdOf, type WatchId } from "../../src/series/run.js";
import { dingTalkPlatformAt } from "../support/dingtalk-rig.js";
import { type FakeDingTalk, startFakeDingTalk } from "../support/fake-dingtalk/fake-dingtalk.js";
import { createManualTimers, type ManualTimers } from "../support/manual-timers.js";
import { startTestRedis, type TestRedis } from "../support/test-redis.js";

/** The first of a month in China, midnight. */
const start = Date.UTC(2026, 9, 31, 16);
const dayMs = 86_400_000;

interface Team {
  readonly alertsADay: number;
  readonly commandsADay: number;
  /** One alert in so many is critical. */
  readonly criticalShare: number;
  readonly days: number;
  readonly budget: Budget;
}

interface Stage {
  readonly fake: FakeDingTalk;
  readonly redis: TestRedis;
  readonly time: ManualTimers;
}

interface Said {
  readonly headline: string;
  readonly critical: boolean;
}

/** Days of a team, through lanes, delivery, the platform and HTTP, with cards, owners, charts and commands. */
async function month({ fake, redis, time }: Stage, team: Team) {
  const lane = `dingtalk:${fake.group}`;
  const lanes = createRedisLaneStore(redis.client);
  const quota = createRedisQuotaStore(redis.client);
  const platform = dingTalkPlatformAt(fake, {
    clock: time,
    timers: time,
    quota,
    home: fake.group,
    budget: team.budget,
    cardTemplateId: "fake-template.schema",
    // Hours pass in the clock alone: what takes long here took no time there, and no line seems idle for the days between.
    timings: {
      ...{ callMs: 60_000, uploadMs: 60_000, cardEveryMs: 60_000 },
      ...{ pingMs: dayMs, idleMs: 40 * dayMs, rotateMs: 40 * dayMs },
    },
  });
  await platform.start(() =>
    Promise.resolve({ message: { tone: "info", headline: "answer", blocks: [] }, visibility: "asker" }),
  );
  await fake.until(() => fake.gateway.open === 1);
  const ports = {
    lanes,
    platforms: new Map([["dingtalk", platform]]),
    speaker: speaker(),
    wakes: noWakes,
    clock: time,
    log: silentLog,
  };
  const asked: Said[] = [];
  let serial = 0;
  const say = async (run: Run, transition: Transition): Promise<void> => {
    const id = runIdOf(run);
    serial += 1;
    const about = { run: id, name: run };
    const bodies: readonly EntryBody[] = [
      { kind: "alert", ...about, transitions: [transition], mention: [fake.member] },
      { kind: "root", ...about },
    ];
    const entries = bodies.map((body): OutboxEntry => {
      return { id: `${id}/${serial}/${body.kind}`, destination: lane, at: time.now(), body };
    });
    await lanes.append(lane, entries);
    await deliver(ports, lane);
  };
  const warned = (): number => fake.messages().filter(({ title }) => isWarning(title)).length;
  /** Until the warnings that are due were heard: no command and no lane waits for them. */
  const settled = async (): Promise<void> => {
    for (let heard = -1; heard < warned();) {
      heard = warned();
      // Whatever was counted until now is stored once this is answered.
      await platform.quota?.();
      const due = warningsDue(await quota.read("2026-11"), team.budget);
      await fake.until(() => warned() >= due, 60_000);
    }
  };
  for (let day = 0; day < team.days; day += 1) {
    for (let number = 0; number < team.alertsADay; number += 1) {
      const alert = day * team.alertsADay + number;
      const at = start + day * dayMs + number * Math.floor(dayMs / team.alertsADay);
      time.advance(at - time.now());
      // Thirty runs a day; five of them alarm a second time.
      const run: Run = { watch: "w1" as WatchId, name: `day${day}/run${number % 20}` };
      const severity: Severity = alert % team.criticalShare === 0 ? "critical" : "warning";
      const episode = episodeOf(run, `e${alert}`, severity);
      asked.push({ headline: headlineOf(episode), critical: severity === "critical" });
      await say(run, { kind: "fired", episode });
      if (alert % 5 === 0) continue;
      time.advance(600_000);
      await say(run, { kind: "resolved", episode: { ...episode, state: "resolved" } });
    }
    for (let command = 0; command < team.commandsADay; command += 1) {
      const before = fake.world.messages.length;
      await fake.says({ text: "status" });
      await fake.until(
        () => fake.world.messages.slice(before).some(({ title }) => title === "answer"),
        60_000,
      );
    }
  }
  await settled();
  await platform.stop();
  const heard = new Set(fake.messages().map(({ title }) => title));
  const missing = asked.filter(({ headline }) => !heard.has(headline));
  return {
    spent: { api: fake.world.quota.api, webhookStream: fake.world.quota.webhookStream },
    counted: await quota.read("2026-11"),
    asked: asked.length,
    critical: asked.filter(({ critical }) => critical).length,
    missing: missing.filter(({ critical }) => !critical).length,
    missingCritical: missing.filter(({ critical }) => critical).length,
    warnings: fake.messages().flatMap(({ title }) => (isWarning(title) ? [title] : [])),
    picturesOfCritical: fake
      .messages()
      .filter(({ title, text }) => title.startsWith("critical") && text.includes("![chart]")).length,
  };
}

describe("a month of the free plan, through the real delivery", () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startTestRedis();
  });
  afterAll(() => redis.stop());

  it("is enough for a busy team (30 runs, 25 alerts, 40 commands a day): all is said, critical alerts with their picture", async () => {
    const result = await played({
      days: 30,
      alertsADay: 25,
      commandsADay: 40,
      criticalShare: 5,
      budget: freeBudget,
    });
    expect(result.spent.api).toBeLessThanOrEqual(freeBudget.api);
    expect(result.spent.webhookStream).toBeLessThanOrEqual(freeBudget.webhookStream);
    expect(result).toMatchObject({
      asked: 750,
      critical: 150,
      missing: 0,
      missingCritical: 0,
      picturesOfCritical: 150,
    });
  }, 240_000);

  it("is kept in a storm, a fifth of it in ten days: every critical alert is said, and each warning once", async () => {
    const budget = { api: 1_000, webhookStream: 600 };
    const result = await played({ days: 10, alertsADay: 75, commandsADay: 60, criticalShare: 15, budget });
    expect(result.spent.api).toBeLessThanOrEqual(budget.api);
    expect(result).toMatchObject({ asked: 750, critical: 50, missingCritical: 0 });
    expect(result.missing).toBeGreaterThan(50);
    expect([...result.warnings].sort()).toEqual([
      "80 % of this month's DingTalk quota is used: API calls",
      "80 % of this month's DingTalk quota is used: webhook and Stream…",
      "95 % of this month's DingTalk quota is used: API calls",
      "95 % of this month's DingTalk quota is used: webhook and Stream…",
    ]);
  }, 240_000);

  async function played(team: Team) {
    await redis.clear();
    const time = createManualTimers(start);
    const fake = await startFakeDingTalk({ now: () => time.now() });
    const result = await month({ fake, redis, time }, team);
    expect(result.counted).toEqual(result.spent);
    expect(fake.problems()).toEqual([]);
    await fake.stop();
    return result;
  }
});

function isWarning(title: string): boolean {
  return / % of this month/.test(title);
}

/** How many warnings a month's standing calls for: one at 80 % and one at 95 %, for each kind of call. */
function warningsDue(spent: Spent, budget: Budget): number {
  const due = { 80: 1, 95: 2 };
  return (["api", "webhookStream"] as const)
    .map((kind) => warningAt(spent[kind], budget[kind]))
    .reduce((sum, percent) => sum + (percent === undefined ? 0 : due[percent]), 0);
}

const noWakes: Wakes = {
  ingest: () => Promise.resolve(),
  relay: () => Promise.resolve(),
  deliver: () => Promise.resolve(),
  chart: () => Promise.resolve(),
};

function episodeOf(run: Run, id: string, severity: Severity): Episode {
  return {
    ...{ id, run: runIdOf(run), rule: "non_finite", split: "", tag: "loss", severity, state: "firing" },
    opened: { step: 3, wallTime: 1, value: Number.NaN },
    evidence: { numbers: {} },
  };
}

function headlineOf({ severity, id, state }: Episode): string {
  return `${severity} ${id} ${state}`;
}

/** Every root and every picture is another one. */
function speaker(): Speaker {
  let serial = 0;
  const said = (tone: Message["tone"], headline: string, content: readonly Inline[] = []): Promise<Message> =>
    Promise.resolve({ tone, headline, blocks: [{ kind: "text", content }] });
  return {
    root: (_run, name) => said("warning", `${name.name} ${++serial}`),
    message: (body) => {
      if (body.kind !== "alert") return said("info", body.kind);
      const [transition] = body.transitions;
      if (transition === undefined) return said("info", "nothing");
      const { episode, kind } = { episode: transition.episode, kind: transition.kind };
      const people = (body.mention ?? []).map((id): Inline => ({ kind: "mention", id }));
      return kind === "resolved"
        ? said("good", headlineOf(episode))
        : said(episode.severity, headlineOf(episode), people);
    },
    draw: () => {
      const head = Buffer.from("89504e470d0a1a0a", "hex");
      const png = Uint8Array.from([...head, ...Buffer.from(String(++serial))]);
      return Promise.resolve({ png, name: "chart.png", alt: "loss", sketch: "▁▃▇" });
    },
  };
}

import { expect, it } from "vitest";
import { newRunFacts } from "../../../src/alerts/run-facts.js";
import { parseConfig } from "../../../src/app/config.js";
import { composeDay } from "../../../src/app/digest.js";
import { digestEntry, digestPlans } from "../../../src/app/digest-plans.js";
import { MemoryRunStore } from "../../support/memory-run-store.js";
import { episode, heldRun, world } from "../../support/command-ports.js";
import { messageText } from "../../support/message-text.js";

const day = 86_400_000;
const until = Date.UTC(2026, 2, 2, 1);
const period = { day: "2026-03-02", since: until - day, until };
const manner = { locale: "en" as const, timeZone: "UTC" };

async function dayOf(runs: Parameters<typeof heldRun>[], locale: "en" | "zh" = "en") {
  const { runs: directory } = world(runs.map((run) => heldRun(...run)));
  const store = new MemoryRunStore();
  for (const { id, run, openEpisodes } of await directory.list()) {
    const open = Array.from({ length: openEpisodes }, () =>
      episode(id, "non_finite", { opened: { step: 3, wallTime: until / 1_000 - 60, value: Number.NaN } }),
    );
    await store.commit({
      id,
      run,
      expected: 0,
      facts: { ...newRunFacts, phase: "live" },
      cursors: new Map(),
      series: new Map(),
      memory: new Map(),
      runMemory: new Uint8Array(0),
      opened: open,
      closed: [],
      points: [],
      entries: [],
    });
  }
  const message = await composeDay({ directory, runs: store }, period, { ...manner, locale });
  return message === undefined ? undefined : messageText(message);
}

const hours = (ago: number): number => until - ago * 3_600_000;
const past = (ago: number) => ({ firstWallTime: hours(ago) / 1_000, lastArrivalAt: hours(ago - 40) });

it("sums the day up in both languages: what started, what ended, what is open", async () => {
  const runs: Parameters<typeof heldRun>[] = [
    ["started", [["", "loss", 3, 2]], { firstWallTime: hours(2) / 1_000, lastArrivalAt: hours(0.1) }],
    ["ended", [["", "loss", 1]], { ...past(40), state: "finished", lastArrivalAt: hours(5) }],
    ["broken", [["", "loss", 1]], { ...past(90), openEpisodes: 1 }],
    ["long over", [["", "loss", 1]], { ...past(90), state: "quiet" }],
  ];
  expect([await dayOf(runs), await dayOf(runs, "zh")].join("\n\n")).toMatchInlineSnapshot(`
    "[warning] Daily summary 2026-03-02 · 1 run started, 1 finished, 1 with open alerts, 1 alert raised, 0 resolved
    With open alerts:
    - broken · step 0, 1 open alert, loss 1
    Started:
    - started · step 1, loss 2
    Finished:
    - ended · step 0, loss 1
    (2026-03-01 01:00:00 UTC to 2026-03-02 01:00:00 UTC)

    [warning] 每日汇总 2026-03-02 · 1 个运行开始，1 个结束，1 个有未恢复告警，触发 1 条告警，解除 0 条
    有未恢复告警：
    - broken · 第 0 步，1 条未恢复告警，loss 1
    新开始：
    - started · 第 1 步，loss 2
    已结束：
    - ended · 第 0 步，loss 1
    (2026-03-01 01:00:00 UTC 至 2026-03-02 01:00:00 UTC)"
  `);
});

it("says nothing of a day on which nothing happened", async () => {
  expect(await dayOf([["old", [["", "loss", 1]], { state: "quiet", ...past(90) }]])).toBeUndefined();
  expect(await dayOf([])).toBeUndefined();
});

it("goes to every destination that hears alerts, in its time zone, unless switched off", () => {
  const plansOf = (text: string) => {
    const parsed = parseConfig(text, undefined, "/");
    if (parsed.kind !== "ok") throw new Error("the test's config is wrong");
    const routing = { routes: [{ to: ["slack:C1"] }, { to: ["slack:C1", "dingtalk:cid1"] }], owners: [] };
    return digestPlans(parsed.config, routing);
  };
  const machine = Intl.DateTimeFormat().resolvedOptions().timeZone;
  expect(plansOf("")).toEqual([
    { destination: "slack:C1", at: "09:00", timeZone: machine },
    { destination: "dingtalk:cid1", at: "09:00", timeZone: machine },
  ]);
  expect(
    plansOf('{ digest: { at: "18:30" }, timeZone: America/New_York, dingtalk: { timeZone: Asia/Shanghai } }'),
  ).toEqual([
    { destination: "slack:C1", at: "18:30", timeZone: "America/New_York" },
    { destination: "dingtalk:cid1", at: "18:30", timeZone: "Asia/Shanghai" },
  ]);
  expect(plansOf("digest: { enabled: false }")).toEqual([]);
});

it("is one entry a day, whoever queues it and however late", () => {
  const first = digestEntry("slack:C1", "2026-03-02", until);
  expect(first.id).toBe(digestEntry("slack:C1", "2026-03-02", until + 60_000).id);
  expect(first.body).toEqual({ kind: "digest", ...period });
});

import { beforeEach, describe, expect, it } from "vitest";
import { emptyRunCommit } from "../../../src/alerts/empty-run-commit.js";
import { newRunFacts } from "../../../src/alerts/run-facts.js";
import type { RunStore } from "../../../src/alerts/run-store.js";
import { keepHouse } from "../../../src/jobs/housekeeping.js";
import { beyondBound, upkeepOf } from "../../../src/jobs/upkeep.js";
import { silentLog } from "../../../src/lib/log.js";
import { packPoints } from "../../../src/series/packed-points.js";
import { type RunId, runIdOf, seriesKeyOf, watchIdOf } from "../../../src/series/run.js";
import { MemoryLaneStore } from "../../support/memory-lane-store.js";
import { MemoryRunStore } from "../../support/memory-run-store.js";
import { MemoryMuteStore } from "../../support/memory-stores.js";
import { MemoryWatchRegistry } from "../../support/memory-watch-registry.js";

const day = 86_400_000;
const now = 20_000 * day;
const watch = watchIdOf("/logs");
const loss = seriesKeyOf("", "loss");
const lane = "rec:c";

describe("what is done with a run", () => {
  it.each([
    ["grew today", { idleForMs: day - 1, hasFiles: true }, "keep"],
    ["silent since yesterday", { idleForMs: day, hasFiles: true }, "trim"],
    ["silent for two weeks", { idleForMs: 14 * day, hasFiles: true }, "rest"],
    ["silent for a year: its cursors must stay", { idleForMs: 365 * day, hasFiles: true }, "rest"],
    ["its files went last month: a share may be away", { idleForMs: 89 * day, hasFiles: false }, "rest"],
    ["its files went long ago", { idleForMs: 90 * day, hasFiles: false }, "forget"],
    ["a clock that was set back", { idleForMs: -5 * day, hasFiles: true }, "keep"],
  ])("%s", (_why, run, act) => {
    expect(upkeepOf(run)).toBe(act);
  });
});

it("lets the points of runs that were silent longest go until the rest fits", () => {
  const held = (name: string, arrivedAt: number, bytes: number) => ({ run: name as RunId, arrivedAt, bytes });
  const all = [held("new", 30, 60), held("old", 10, 50), held("bare", 5, 0), held("middle", 20, 40)];
  expect(beyondBound(all, 150)).toEqual([]);
  expect(beyondBound(all, 149)).toEqual(["old"]);
  expect(beyondBound(all, 99)).toEqual(["old", "middle"]);
  expect(beyondBound(all, 0)).toEqual(["old", "middle", "new"]);
});

describe("keeping house", () => {
  let stores: {
    registry: MemoryWatchRegistry;
    runs: MemoryRunStore;
    lanes: MemoryLaneStore;
    mutes: MemoryMuteStore;
  };
  beforeEach(async () => {
    stores = {
      registry: new MemoryWatchRegistry(),
      runs: new MemoryRunStore(),
      lanes: new MemoryLaneStore(),
      mutes: new MemoryMuteStore(),
    };
    await stores.registry.put({ id: watch, root: "/logs", origin: "config", at: 0, phase: "live" });
  });

  async function run(
    name: string,
    { idleDays, points = 1_000, hasFiles = true }: { idleDays: number; points?: number; hasFiles?: boolean },
  ): Promise<RunId> {
    const id = runIdOf({ watch, name });
    await stores.registry.addRun(watch, id, name);
    await stores.registry.setLogRuns(watch, id, hasFiles ? { [name]: "" } : {});
    await stores.registry.setDeadline(id, now);
    const step = Float64Array.from({ length: points }, (_, at) => at);
    await stores.runs.commit({
      ...emptyRunCommit({ watch, name }),
      facts: { ...newRunFacts, phase: "live", lastArrivalAt: now - idleDays * day },
      cursors: new Map([[name, { files: {}, tags: {} }]]),
      memory: new Map([[loss, Uint8Array.of(1)]]),
      points: [{ key: loss, packed: packPoints({ step, wallTime: step, value: step }), replace: false }],
    });
    const thread = { openedAt: 0, rootHash: "", rootSaidAt: now - idleDays * day };
    await stores.lanes.openThread(lane, id, { ...thread, root: { channel: "c", id: name } });
    await stores.lanes.append(lane, [
      { id: `${name}/said`, destination: lane, at: 0, body: { kind: "operator", subject: "s", detail: "d" } },
    ]);
    const ref = { channel: "c", id: "1" };
    await stores.lanes.conclude(lane, { entryId: `${name}/said`, ref }, now - idleDays * day);
    return id;
  }

  const logged: unknown[] = [];
  const log = {
    ...silentLog,
    error: (facts: object, event: string) => void logged.push({ ...facts, event }),
  };
  const work = (maxPointBytes = Infinity, runs: RunStore = stores.runs): Promise<void> =>
    keepHouse({ ...stores, runs, log, clock: { now: () => now }, maxPointBytes });
  const kept = async (id: RunId): Promise<number> => (await stores.runs.points(id, loss)).step.length;

  it("keeps an active run's points, 200 of an idle one, none of one at rest", async () => {
    const ids = [
      await run("active", { idleDays: 0 }),
      await run("idle", { idleDays: 2 }),
      await run("old", { idleDays: 20 }),
    ];
    await work();
    expect(await Promise.all(ids.map(kept))).toEqual([1_000, 200, 0]);
    const old = await stores.runs.load(ids[2] ?? ("" as RunId));
    expect([old?.revision, old?.cursors.size, old?.memory.size]).toEqual([1, 1, 1]);
  });

  it("tells a run whose state is damaged and keeps the house for all others", async () => {
    const [bad, idle] = [await run("bad", { idleDays: 2 }), await run("idle", { idleDays: 2 })];
    const damaged = new Error("packed points: 13 bytes are no whole number of points");
    const runs = Object.assign(Object.create(stores.runs) as RunStore, {
      trimPoints: (id: RunId, newest: number) =>
        id === bad ? Promise.reject(damaged) : stores.runs.trimPoints(id, newest),
    });
    await work(Infinity, runs);
    expect(await kept(idle)).toBe(200);
    expect(logged).toEqual([{ err: damaged, run: bad, event: "housekeeping_failed" }]);
  });

  it("lets even active runs' points go where all together are too many, the longest silent first", async () => {
    const [one, two] = [await run("one", { idleDays: 0.5 }), await run("two", { idleDays: 0.1 })];
    await work(1_500 * 24);
    expect([await kept(one), await kept(two)]).toEqual([0, 1_000]);
  });

  it("forgets a run whose files went 90 days ago, with its thread and its deadline", async () => {
    const gone = await run("gone", { idleDays: 91, hasFiles: false });
    const away = await run("away", { idleDays: 60, hasFiles: false });
    await work();
    expect(await stores.runs.load(gone)).toBeUndefined();
    expect([...(await stores.registry.runs(watch)).keys()]).toEqual([away]);
    expect(await stores.lanes.thread(lane, gone)).toBeUndefined();
    expect(await stores.lanes.thread(lane, away)).toBeDefined();
    expect(await stores.registry.due(now, 10)).toEqual([away]);
  });

  it("goes on where it was killed between forgetting a run and its entry", async () => {
    const gone = await run("gone", { idleDays: 91, hasFiles: false });
    await stores.runs.forget(gone);
    await work();
    expect((await stores.registry.runs(watch)).size).toBe(0);
  });

  it("closes threads of runs that no watch knows, but not at once: the watch may come back", async () => {
    const lately = await run("lately", { idleDays: 2 });
    const longAgo = await run("longAgo", { idleDays: 31 });
    await stores.registry.remove(watch);
    await work();
    expect(await stores.lanes.thread(lane, lately)).toBeDefined();
    expect(await stores.lanes.thread(lane, longAgo)).toBeUndefined();
  });

  it("drops mutes that ended and ids said 30 days ago, and no others", async () => {
    await run("old", { idleDays: 31 });
    await run("new", { idleDays: 29 });
    const mute = (id: string, until: number) =>
      stores.mutes.put({ id, target: { kind: "rule", rule: "jump" }, until, author: "Ada", at: 0 });
    await mute("ended", now);
    await mute("open", now + 1);
    await work();
    expect((await stores.mutes.list()).map(({ id }) => id)).toEqual(["open"]);
    expect(await stores.lanes.saidAs(lane, "old/said")).toBeUndefined();
    expect(await stores.lanes.saidAs(lane, "new/said")).toBeDefined();
  });
});

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RunStore, StoredRun } from "../../src/alerts/run-store.js";
import type { WatchRegistry } from "../../src/alerts/watch-registry.js";
import { EventFileWriter } from "../../src/eventlog/event-file-writer.js";
import { openLogSource } from "../../src/eventlog/log-sources.js";
import { ingest, type IngestPorts } from "../../src/jobs/ingest.js";
import { SessionShelf } from "../../src/jobs/session-shelf.js";
import { Turns } from "../../src/jobs/turns.js";
import type { Wakes } from "../../src/jobs/wakes.js";
import { silentLog } from "../../src/lib/log.js";
import { createRedisRunStore } from "../../src/redis/run-store.js";
import { createRedisWatchRegistry } from "../../src/redis/watch-registry.js";
import { runIdOf, seriesKeyOf, watchIdOf } from "../../src/series/run.js";
import type { Watch } from "../../src/series/watch.js";
import { PowerCut, PowerSupply } from "../support/power-cut.js";
import { startTestRedis, type TestRedis } from "../support/test-redis.js";

const points = 30_000;
const now = 1_800_000_000_000;

describe("ingest when the power is cut", () => {
  let redis: TestRedis;
  const root = mkdtempSync(join(tmpdir(), "tb-ingest-"));
  const watch: Watch = { id: watchIdOf(root), root, origin: "config", at: 0, phase: "live" };
  const run = { watch: watch.id, name: "run42" };
  const id = runIdOf(run);

  beforeAll(async () => {
    redis = await startTestRedis();
    mkdirSync(join(root, "run42"));
    const writer = new EventFileWriter(join(root, "run42"), { wallTime: 1_790_000_000 });
    for (let step = 0; step < points; step += 1) {
      const broken = step === 11_000 || step === 22_000;
      writer.scalar("train/loss", step, broken ? Number.NaN : points - step, 1_790_000_000 + step);
    }
    writer.flush();
    writer.close();
  });
  beforeEach(() => clear());
  afterAll(async () => {
    rmSync(root, { recursive: true, force: true });
    await redis.stop();
  });

  async function clear(): Promise<void> {
    await redis.clear();
    const registry = createRedisWatchRegistry(redis.client);
    await registry.addRun(watch.id, id, run.name);
    await registry.setLogRuns(watch.id, id, { run42: "" });
  }

  function portsOf(power: PowerSupply, runs: RunStore, registry: WatchRegistry): IngestPorts {
    const wakes: Wakes = power.wrap({
      ingest: () => Promise.resolve(),
      relay: () => Promise.resolve(),
      deliver: () => Promise.resolve(),
      chart: () => Promise.resolve(),
    });
    return {
      runs: power.wrap(runs),
      registry: power.wrap(registry),
      wakes,
      turns: new Turns(),
      sessions: new SessionShelf(),
      clock: { now: () => now },
      log: silentLog,
      routing: { routes: [{ to: ["rec:c"] }], owners: [] },
      watch: () => Promise.resolve(watch),
      openSource: openLogSource,
      settings: () => Promise.resolve({ version: 1, rules: { rules: {}, metrics: {}, overrides: [] } }),
      mutesNow: () => Promise.resolve([]),
      onHistoryRead: () => Promise.resolve(),
    };
  }

  async function outcome(): Promise<unknown> {
    const store = createRedisRunStore(redis.client);
    const { memory, ...stored } = (await store.load(id)) as StoredRun;
    return {
      stored,
      memory: [...memory].map(([key, bytes]) => [key, Buffer.from(bytes).toString("hex")]),
      entries: await store.outbox(id),
      closed: await store.closedEpisodes(id, 100),
      kept: [...(await store.points(id, seriesKeyOf("", "train/loss"))).step],
    };
  }

  it("ends in the same state, with the same things to say, wherever it is cut", async () => {
    const store = createRedisRunStore(redis.client);
    const registry = createRedisWatchRegistry(redis.client);
    await ingest(portsOf(new PowerSupply(Number.MAX_SAFE_INTEGER), store, registry), id);
    const wanted = await outcome();
    expect(wanted).toMatchObject({ stored: { facts: { points } } });
    expect((await store.outbox(id)).map((entry) => entry.body.kind)).toEqual([
      "alert",
      "root",
      "alert",
      "root",
    ]);
    let cutAt = 0;
    for (let whole = false; !whole; cutAt += 1) {
      await clear();
      const power = new PowerSupply(cutAt);
      await ingest(portsOf(power, store, registry), id).catch((error: unknown) => {
        if (!(error instanceof PowerCut)) throw error;
      });
      whole = !power.cut;
      await ingest(portsOf(new PowerSupply(Number.MAX_SAFE_INTEGER), store, registry), id);
      expect(await outcome(), `cut at ${cutAt}`).toEqual(wanted);
    }
    expect(cutAt).toBeGreaterThan(10);
  });

  it("lets two overlapping ingests of a run leave each point once", async () => {
    const store = createRedisRunStore(redis.client);
    const registry = createRedisWatchRegistry(redis.client);
    const ports = () => portsOf(new PowerSupply(Number.MAX_SAFE_INTEGER), store, registry);
    await Promise.all([ingest(ports(), id), ingest(ports(), id), ingest(ports(), id)]);
    expect((await store.load(id))?.facts.points).toBe(points);
  });

  it("lets two ingests of a run overlap in one process, as after a job's lock ran out", async () => {
    const store = createRedisRunStore(redis.client);
    const shared = portsOf(
      new PowerSupply(Number.MAX_SAFE_INTEGER),
      store,
      createRedisWatchRegistry(redis.client),
    );
    await Promise.all([ingest(shared, id), ingest(shared, id), ingest(shared, id)]);
    expect((await store.load(id))?.facts.points).toBe(points);
    expect((await store.points(id, seriesKeyOf("", "train/loss"))).step.at(-1)).toBe(points - 1);
  });

  it("relays what another process committed and did not live to relay", async () => {
    const store = createRedisRunStore(redis.client);
    const ports = portsOf(
      new PowerSupply(Number.MAX_SAFE_INTEGER),
      store,
      createRedisWatchRegistry(redis.client),
    );
    await ingest(ports, id);
    const relayed: string[] = [];
    const successor = { ...ports, sessions: new SessionShelf() };
    const relay = (run: string): Promise<void> => Promise.resolve(void relayed.push(run));
    await ingest({ ...successor, wakes: { ...ports.wakes, relay } }, id);
    expect(relayed).toEqual([id]);
  });

  it("leaves a run alone that the scan does not know any more", async () => {
    await redis.clear();
    const store = createRedisRunStore(redis.client);
    const registry = createRedisWatchRegistry(redis.client);
    await ingest(portsOf(new PowerSupply(Number.MAX_SAFE_INTEGER), store, registry), id);
    expect(await store.load(id)).toBeUndefined();
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Episode } from "../../src/alerts/episode.js";
import type { OutboxEntry } from "../../src/alerts/outbox-entry.js";
import { emptyRunCommit } from "../../src/alerts/empty-run-commit.js";
import { newRunFacts } from "../../src/alerts/run-facts.js";
import type { RunCommit, RunStore } from "../../src/alerts/run-store.js";
import { packPoints } from "../../src/series/packed-points.js";
import { runIdOf, seriesKeyOf, type WatchId } from "../../src/series/run.js";

export interface StoreFixture<Store> {
  readonly store: Store;
  clear(): Promise<void>;
  stop(): Promise<void>;
}

const run = { watch: "w1" as WatchId, name: "exp/<!channel> 漢字\n__proto__" };
const id = runIdOf(run);
const loss = seriesKeyOf("train", "__proto__");

const episode: Episode = {
  id: "e1",
  run: id,
  rule: "non_finite",
  split: "train",
  tag: "loss",
  severity: "critical",
  state: "firing",
  opened: { step: 3, wallTime: 1.5, value: Number.NaN },
  evidence: { numbers: { value: -Infinity, zero: -0 } },
};

const entry: OutboxEntry = {
  id: `${id}/1/alert`,
  destination: "slack:C1",
  at: 5,
  body: { kind: "alert", run: id, name: run, transitions: [{ kind: "fired", episode }] },
};

function commitOf(change: Partial<RunCommit>): RunCommit {
  return { ...emptyRunCommit(run), ...change };
}

function points(from: number, to: number): Uint8Array {
  const step = Float64Array.from({ length: to - from }, (_x, i) => from + i);
  return packPoints({
    step,
    wallTime: step.map((s) => s / 2),
    value: step.map((s) => (s % 7 === 0 ? Number.NaN : -s)),
  });
}

/** What every run store must do. */
export function runStoreContract(name: string, open: () => Promise<StoreFixture<RunStore>>): void {
  describe(`run store: ${name}`, () => {
    let fixture: StoreFixture<RunStore>;
    let store: RunStore;
    beforeAll(async () => {
      fixture = await open();
      store = fixture.store;
    });
    beforeEach(() => fixture.clear());
    afterAll(() => fixture.stop());

    it("knows nothing of a run never stored", async () => {
      expect(await store.load(id)).toBeUndefined();
      expect(await store.head(id)).toBeUndefined();
    });

    it("gives back everything of a commit, non-finite numbers, hostile names and bytes included", async () => {
      const series = {
        key: loss,
        logRun: "exp/train",
        points: 2,
        last: { step: 2, wallTime: 1, value: Number.NaN },
        min: Number.NaN,
        max: -0,
        nonFinite: 1,
      };
      const cursor = { files: {}, tags: { __proto__x: "scalar" as const } };
      const outcome = await store.commit(
        commitOf({
          facts: { ...newRunFacts, points: 2, hparams: { lr: 0.1 } },
          cursors: new Map([["exp/train", cursor]]),
          series: new Map([[loss, series]]),
          memory: new Map([[loss, Uint8Array.of(0, 255, 128, 10)]]),
          runMemory: Uint8Array.of(254, 0),
          opened: [episode],
          points: [{ key: loss, packed: points(0, 10), replace: false }],
        }),
      );
      expect(outcome).toBe("committed");
      const stored = await store.load(id);
      expect(stored?.revision).toBe(1);
      expect(stored?.run).toEqual(run);
      expect(stored?.facts).toEqual({ ...newRunFacts, points: 2, hparams: { lr: 0.1 } });
      expect(stored?.cursors.get("exp/train")).toEqual(cursor);
      expect(stored?.series.get(loss)).toEqual(series);
      expect([...(stored?.memory.get(loss) ?? [])]).toEqual([0, 255, 128, 10]);
      expect([...(stored?.runMemory ?? [])]).toEqual([254, 0]);
      expect(stored?.open).toEqual([episode]);
      expect([...(await store.points(id, loss)).step]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    });

    it("stores nothing at all of a commit that is not based on the newest revision", async () => {
      await store.commit(commitOf({ entries: [entry] }));
      const late = commitOf({
        opened: [episode],
        entries: [{ ...entry, id: "late" }],
        points: [{ key: loss, packed: points(0, 1), replace: false }],
      });
      expect(await store.commit(late)).toBe("stale");
      expect((await store.load(id))?.open).toEqual([]);
      expect((await store.outbox(id)).map((waiting) => waiting.id)).toEqual([entry.id]);
      expect((await store.points(id, loss)).step).toHaveLength(0);
    });

    it("lets exactly one of many commits of the same revision win", async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, () => store.commit(commitOf({ entries: [entry] }))),
      );
      expect(outcomes.filter((outcome) => outcome === "committed")).toHaveLength(1);
      expect(await store.outboxLength(id)).toBe(1);
    });

    it("moves a closed episode from the open ones to the closed ones, newest first", async () => {
      await store.commit(commitOf({ opened: [episode] }));
      const closed: Episode = { ...episode, state: "resolved" };
      await store.commit(commitOf({ expected: 1, closed: [closed] }));
      await store.commit(commitOf({ expected: 2, closed: [{ ...closed, id: "e2" }] }));
      expect((await store.load(id))?.open).toEqual([]);
      expect((await store.closedEpisodes(id, 10)).map((each) => each.id)).toEqual(["e2", "e1"]);
    });

    it("forgets only the entries that were relayed", async () => {
      await store.commit(commitOf({ entries: [entry, { ...entry, destination: "terminal:stdout" }] }));
      await store.relayed(id, [entry]);
      expect((await store.outbox(id)).map((waiting) => waiting.destination)).toEqual(["terminal:stdout"]);
    });

    it("keeps a bounded window at full resolution and every tenth point below it, however long the run", async () => {
      for (let revision = 0; revision < 30; revision += 1) {
        const packed = points(revision * 1_000, (revision + 1) * 1_000);
        await store.commit(
          commitOf({
            expected: revision,
            series: new Map([[loss, seriesFacts]]),
            points: [{ key: loss, packed, replace: false }],
          }),
        );
      }
      const kept = [...(await store.points(id, loss)).step];
      expect(kept.at(-1)).toBe(29_999);
      expect(kept.slice(-2_000)).toEqual(Array.from({ length: 2_000 }, (_x, i) => 28_000 + i));
      expect(kept[0]).toBe(0);
      expect([...kept].sort((a, b) => a - b)).toEqual(kept);
      expect(kept.length).toBeLessThanOrEqual(8_000);
      expect(await store.pointBytes(id)).toBe(kept.length * 24);
    });

    it("starts a series anew where the commit says so, and trims an idle one", async () => {
      await store.commit(
        commitOf({
          series: new Map([[loss, seriesFacts]]),
          points: [{ key: loss, packed: points(0, 500), replace: false }],
        }),
      );
      await store.commit(
        commitOf({ expected: 1, points: [{ key: loss, packed: points(7, 400), replace: true }] }),
      );
      expect((await store.points(id, loss)).step[0]).toBe(7);
      await store.trimPoints(id, 10);
      expect([...(await store.points(id, loss)).step]).toEqual([
        390, 391, 392, 393, 394, 395, 396, 397, 398, 399,
      ]);
    });

    it("lays a run to rest without its points, and finds all else as it was", async () => {
      const cursor = { files: {}, tags: { loss: "scalar" as const } };
      await store.commit(
        commitOf({
          facts: { ...newRunFacts, points: 5 },
          cursors: new Map([["__proto__", cursor]]),
          series: new Map([[loss, seriesFacts]]),
          memory: new Map([[loss, Uint8Array.of(0, 255, 128, 10)]]),
          runMemory: Uint8Array.of(7),
          opened: [episode],
          entries: [entry],
          points: [{ key: loss, packed: points(0, 5), replace: false }],
        }),
      );
      const before = await store.load(id);
      expect(await store.rest(id)).toBe("rests");
      expect(await store.rest(id)).toBe("rests");
      expect(await store.load(id)).toEqual(before);
      expect(await store.head(id)).toEqual({ run: before?.run, facts: before?.facts });
      expect((await store.outbox(id)).map((waiting) => waiting.id)).toEqual([entry.id]);
      expect((await store.points(id, loss)).step).toHaveLength(0);
      expect(await store.pointBytes(id)).toBe(0);
      const unknown = seriesKeyOf("", "unknown");
      expect(await store.series(id, [unknown, loss])).toEqual(new Map([[loss, seriesFacts]]));
      expect(await store.series(id, [])).toEqual(new Map());
    });

    it("goes on with a run at rest: what is committed then goes before what rests, and rests with it again", async () => {
      await store.commit(
        commitOf({ series: new Map([[loss, seriesFacts]]), memory: new Map([[loss, Uint8Array.of(1)]]) }),
      );
      await store.rest(id);
      const accuracy = seriesKeyOf("", "acc");
      const grown = { ...seriesFacts, points: 2 };
      await store.commit(
        commitOf({
          expected: 1,
          series: new Map([
            [loss, grown],
            [accuracy, { ...seriesFacts, key: accuracy }],
          ]),
          memory: new Map([[loss, Uint8Array.of(2)]]),
          points: [{ key: loss, packed: points(5, 7), replace: false }],
        }),
      );
      expect([...(await store.points(id, loss)).step]).toEqual([5, 6]);
      for (let rests = 0; rests < 2; rests += 1) {
        expect(await store.series(id, [loss])).toEqual(new Map([[loss, grown]]));
        const stored = await store.load(id);
        expect(stored?.revision).toBe(2);
        expect(new Set(stored?.series.keys())).toEqual(new Set([loss, accuracy]));
        expect(stored?.series.get(loss)).toEqual(grown);
        expect([...(stored?.memory.get(loss) ?? [])]).toEqual([2]);
        await store.rest(id);
      }
      await store.forget(id);
      expect(await store.load(id)).toBeUndefined();
      expect(await store.rest(id)).toBe("rests");
      expect(await store.load(id)).toBeUndefined();
    });

    it("begins a run anew with these facts alone, in one step that outdates all work on the former one", async () => {
      const begun = { ...newRunFacts, phase: "live" as const, quietUpTo: 7 };
      for (const revision of [0, 1]) {
        await store.forget(id);
        for (let expected = 0; expected < revision; expected += 1)
          await store.commit(
            commitOf({
              expected,
              cursors: new Map([["exp", { files: {}, tags: {} }]]),
              series: new Map([[loss, seriesFacts]]),
              memory: new Map([[loss, Uint8Array.of(1)]]),
              opened: [episode],
              closed: [{ ...episode, id: "e2" }],
              entries: [entry],
              points: [{ key: loss, packed: points(0, 5), replace: false }],
            }),
          );
        await store.beginAnew(run, begun);
        const stored = await store.load(id);
        expect({ ...stored, runMemory: stored?.runMemory.length }).toEqual({
          revision: revision + 1,
          run,
          facts: begun,
          cursors: new Map(),
          series: new Map(),
          memory: new Map(),
          runMemory: 0,
          open: [],
        });
        expect(await store.outboxLength(id)).toBe(0);
        expect(await store.closedEpisodes(id, 10)).toEqual([]);
        expect((await store.points(id, loss)).step).toHaveLength(0);
        expect(await store.commit(commitOf({ expected: revision }))).toBe("stale");
      }
    });

    it("tells a run's cursors and what it consists of without the rest, also of one at rest", async () => {
      expect(await store.cursors(id)).toBeUndefined();
      const cursors = new Map([
        ["exp", { files: {}, tags: { loss: "scalar" as const } }],
        ["__proto__", { files: {}, tags: {} }],
      ]);
      const facts = { ...newRunFacts, logRuns: { exp: "" } };
      await store.commit(commitOf({ facts, cursors, series: new Map([[loss, seriesFacts]]) }));
      expect(await store.cursors(id)).toEqual({ logRuns: { exp: "" }, cursors });
      await store.rest(id);
      expect(await store.cursors(id)).toEqual({ logRuns: { exp: "" }, cursors });
    });

    it("drops everything of a run that is forgotten", async () => {
      await store.commit(
        commitOf({
          series: new Map([[loss, seriesFacts]]),
          entries: [entry],
          points: [{ key: loss, packed: points(0, 5), replace: false }],
        }),
      );
      await store.forget(id);
      expect(await store.load(id)).toBeUndefined();
      expect(await store.outboxLength(id)).toBe(0);
      expect((await store.points(id, loss)).step).toHaveLength(0);
    });
  });
}

const seriesFacts = {
  key: loss,
  logRun: ".",
  points: 1,
  last: { step: 1, wallTime: 1, value: 1 },
  min: 1,
  max: 1,
  nonFinite: 0,
};

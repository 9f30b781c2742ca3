import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { LaneStore, RunThread } from "../../src/alerts/lane-store.js";
import type { OutboxEntry } from "../../src/alerts/outbox-entry.js";
import { runIdOf, type WatchId } from "../../src/series/run.js";
import type { StoreFixture } from "./run-store.js";

const name = { watch: "w1" as WatchId, name: "run42" };
const run = runIdOf(name);
const lane = "slack:C1";
const ref = { channel: "C1", id: "1700000000.000100" };
const thread: RunThread = { root: ref, openedAt: 1, rootHash: "h", rootSaidAt: 1 };

function alert(id: string): OutboxEntry {
  return { id, destination: lane, at: 1, body: { kind: "alert", run, name, transitions: [] } };
}
function root(id: string): OutboxEntry {
  return { id, destination: lane, at: 1, body: { kind: "root", run, name } };
}

/** What every lane store must do. */
export function laneStoreContract(
  implementation: string,
  open: () => Promise<StoreFixture<LaneStore>>,
): void {
  describe(`lane store: ${implementation}`, () => {
    let fixture: StoreFixture<LaneStore>;
    let store: LaneStore;
    beforeAll(async () => {
      fixture = await open();
      store = fixture.store;
    });
    beforeEach(() => fixture.clear());
    afterAll(() => fixture.stop());

    it("keeps entries in the order they came, each once, however often they are appended", async () => {
      await store.append(lane, [alert("a"), alert("b")]);
      await store.append(lane, [alert("b"), alert("c"), alert("a")]);
      const order: string[] = [];
      for (let head = await store.head(lane); head !== undefined; head = await store.head(lane)) {
        order.push(head.entry.id);
        await store.conclude(lane, { entryId: head.entry.id }, 10);
      }
      expect(order).toEqual(["a", "b", "c"]);
      expect(await store.lanes()).toEqual([lane]);
    });

    it("leaves out an entry that was concluded already: a relay after a crash says nothing twice", async () => {
      await store.append(lane, [alert("a")]);
      await store.conclude(lane, { entryId: "a", ref }, 10);
      await store.append(lane, [alert("a")]);
      expect(await store.length(lane)).toBe(0);
      expect(await store.saidAs(lane, "a")).toEqual(ref);
    });

    it("holds one refresh of a root at a time, and takes the next once the first has begun", async () => {
      await store.append(lane, [root("r1"), root("r2")]);
      expect(await store.length(lane)).toBe(1);
      await store.begin(lane, { entryId: "r1", at: 1, tries: 1 }, root("r1"));
      await store.append(lane, [root("r3")]);
      expect(await store.length(lane)).toBe(2);
    });

    it("lets nothing new wait behind the refresh of a root", async () => {
      await store.append(lane, [root("r1"), alert("a")]);
      expect((await store.head(lane))?.entry.id).toBe("a");
      await store.conclude(lane, { entryId: "a" }, 10);
      expect((await store.head(lane))?.entry.id).toBe("r1");
      await store.conclude(lane, { entryId: "r1" }, 10);
      expect(await store.head(lane)).toBeUndefined();
    });

    it("shows a call that was begun and never concluded, until it is", async () => {
      await store.append(lane, [alert("a")]);
      const attempt = { entryId: "a", at: 3, tries: 2 };
      await store.begin(lane, attempt, alert("a"));
      expect((await store.head(lane))?.attempt).toEqual(attempt);
      await store.abandon(lane);
      expect((await store.head(lane))?.attempt).toBeUndefined();
    });

    it("gives the lease to one worker, renews it for the holder and frees it for the next", async () => {
      expect(await store.lease(lane, "one", 60_000)).toBe(true);
      expect(await store.lease(lane, "two", 60_000)).toBe(false);
      expect(await store.lease(lane, "one", 60_000)).toBe(true);
      await store.release(lane, "two");
      expect(await store.lease(lane, "two", 60_000)).toBe(false);
      await store.release(lane, "one");
      expect(await store.lease(lane, "two", 60_000)).toBe(true);
    });

    it("knows a run's thread by the run and by its root, until it is closed", async () => {
      await store.openThread(lane, run, thread);
      expect(await store.thread(lane, run)).toEqual(thread);
      expect(await store.runOf(lane, ref)).toBe(run);
      expect([...(await store.threads(lane)).keys()]).toEqual([run]);
      await store.closeThread(lane, run);
      expect(await store.thread(lane, run)).toBeUndefined();
      expect(await store.runOf(lane, ref)).toBeUndefined();
    });

    it("keeps the chart of a said alert pending until it is ready, then queues its edit behind what waits", async () => {
      const chart: OutboxEntry = {
        id: "a/chart",
        destination: lane,
        at: 2,
        body: { kind: "chart", run, name, alert: "a", transitions: [] },
      };
      await store.append(lane, [alert("a"), alert("b")]);
      await store.conclude(lane, { entryId: "a", ref, chart: { entry: chart, ref } }, 10);
      expect(await store.pendingCharts(lane)).toEqual([{ entry: chart, ref }]);
      const picture = { kind: "uploaded" as const, ref: "F1", alt: "loss" };
      await store.chartReady(lane, { entry: chart, ref }, picture);
      await store.chartReady(lane, { entry: chart, ref }, picture);
      expect(await store.pendingCharts(lane)).toEqual([]);
      expect(await store.length(lane)).toBe(2);
      await store.conclude(lane, { entryId: "b" }, 11);
      expect(await store.head(lane)).toEqual({ entry: chart, attempt: undefined, picture });
    });

    it("buries what can never be said, so that the lane goes on", async () => {
      await store.append(lane, [alert("a"), alert("b")]);
      await store.bury(lane, { entryId: "a", reason: "channel_not_found" }, 10);
      expect((await store.head(lane))?.entry.id).toBe("b");
    });

    it("forgets what was said long ago", async () => {
      await store.append(lane, [alert("a"), alert("b")]);
      await store.conclude(lane, { entryId: "a", ref }, 10);
      await store.conclude(lane, { entryId: "b", ref }, 20);
      await store.trim(lane, 15);
      expect(await store.saidAs(lane, "a")).toBeUndefined();
      expect(await store.saidAs(lane, "b")).toEqual(ref);
    });
  });
}

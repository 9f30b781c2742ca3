import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { WatchRegistry } from "../../src/alerts/watch-registry.js";
import { runIdOf, watchIdOf } from "../../src/series/run.js";
import type { Watch } from "../../src/series/watch.js";
import type { StoreFixture } from "./run-store.js";

const watch: Watch = { id: watchIdOf("/logs"), root: "/logs", origin: "config", at: 5, phase: "new" };
const name = "exp/<!channel> 漢字\n__proto__";
const run = runIdOf({ watch: watch.id, name });
const logRuns = Object.fromEntries([
  ["__proto__", ""],
  ["exp/train", "train"],
]);

/** What every registry of watches must do. */
export function watchRegistryContract(
  implementation: string,
  open: () => Promise<StoreFixture<WatchRegistry>>,
): void {
  describe(`watch registry: ${implementation}`, () => {
    let fixture: StoreFixture<WatchRegistry>;
    let registry: WatchRegistry;
    beforeAll(async () => {
      fixture = await open();
      registry = fixture.store;
    });
    beforeEach(() => fixture.clear());
    afterAll(() => fixture.stop());

    it("lists watches by root, each as it was last put", async () => {
      const earlier: Watch = { ...watch, id: watchIdOf("/a"), root: "/a", author: "Ada", origin: "chat" };
      await registry.put(watch);
      await registry.put(earlier);
      await registry.put({ ...watch, phase: "live" });
      expect(await registry.list()).toEqual([earlier, { ...watch, phase: "live" }]);
    });

    it("knows a run once both its name and its log runs are stored, hostile names included", async () => {
      await registry.setLogRuns(watch.id, run, logRuns);
      expect(await registry.found(watch.id, run)).toBeUndefined();
      await registry.addRun(watch.id, run, name);
      expect(await registry.runs(watch.id)).toEqual(new Map([[run, name]]));
      const found = await registry.found(watch.id, run);
      expect(found?.name).toBe(name);
      expect(Object.entries(found?.logRuns ?? {})).toEqual(Object.entries(logRuns));
    });

    it("knows what a log run was counted to until it is ungrouped", async () => {
      const grouping = new Map([
        ["__proto__", { run: "__proto__", split: "" }],
        ["a/train", { run: "a", split: "train" }],
      ]);
      await registry.group(watch.id, grouping);
      await registry.group(watch.id, new Map());
      expect(await registry.grouping(watch.id)).toEqual(grouping);
      await registry.ungroup(watch.id, ["a/train"]);
      await registry.ungroup(watch.id, []);
      expect([...(await registry.grouping(watch.id)).keys()]).toEqual(["__proto__"]);
    });

    it("counts a watch's history off, run by run", async () => {
      const other = runIdOf({ watch: watch.id, name: "other" });
      await registry.put(watch);
      await registry.prime(watch, [run, other]);
      expect((await registry.list())[0]?.phase).toBe("priming");
      expect([...(await registry.priming(watch.id))].sort()).toEqual([other, run].sort());
      expect(await registry.primed(watch.id, run)).toBe(1);
      expect(await registry.isPriming(watch.id, run)).toBe(false);
      expect(await registry.isPriming(watch.id, other)).toBe(true);
      expect(await registry.primed(watch.id, run)).toBe(1);
      expect(await registry.primed(watch.id, other)).toBe(0);
    });

    it("names runs that are due, the longest overdue first and no more than asked for", async () => {
      const ids = ["a", "b", "c"].map((each) => runIdOf({ watch: watch.id, name: each }));
      for (const [index, id] of ids.entries()) await registry.setDeadline(id, 30 - index);
      expect(await registry.due(29, 10)).toEqual([ids[2], ids[1]]);
      expect(await registry.due(100, 1)).toEqual([ids[2]]);
      await registry.setDeadline(ids[2] ?? run, undefined);
      expect(await registry.due(100, 10)).toEqual([ids[1], ids[0]]);
    });

    it("forgets a run, and a watch with all it knew of it", async () => {
      await registry.put(watch);
      await registry.addRun(watch.id, run, name);
      await registry.setLogRuns(watch.id, run, logRuns);
      await registry.prime(watch, [run]);
      await registry.group(watch.id, new Map([["a", { run: "a", split: "" }]]));
      await registry.removeRun(watch.id, run);
      expect(await registry.found(watch.id, run)).toBeUndefined();
      expect(await registry.priming(watch.id)).toEqual([]);
      await registry.remove(watch.id);
      expect(await registry.list()).toEqual([]);
      expect((await registry.grouping(watch.id)).size).toBe(0);
    });
  });
}

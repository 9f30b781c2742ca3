import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OverrideStore } from "../../src/commands/context.js";
import type { SettingsOverride } from "../../src/rules/override.js";
import { runIdOf, watchIdOf } from "../../src/series/run.js";
import type { OpenedStore } from "./opened-store.js";

const run = runIdOf({ watch: watchIdOf("/logs"), name: "run42" });

function setting(more: Partial<SettingsOverride> = {}): SettingsOverride {
  return {
    id: "t1",
    scope: { kind: "everyone" },
    rule: "consecutive_rise",
    tags: ["loss", "val/损失"],
    settings: { min_total: 0.05 },
    enabled: true,
    author: "Ann (slack:U1)",
    at: 1_772_366_400_000,
    ...more,
  };
}

/** What every store of settings made in chat keeps to; `open` gives an empty one. */
export function overrideStoreContract(name: string, open: () => Promise<OpenedStore<OverrideStore>>): void {
  describe(`${name} as a store of settings made in chat`, () => {
    let opened: OpenedStore<OverrideStore>;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it("is empty at first", async () => {
      expect(await opened.store.list()).toEqual([]);
    });

    it("gives back whole what was put, author and time too", async () => {
      const one = setting();
      const other = setting({
        id: "t2",
        scope: { kind: "run", run },
        split: "validation",
        settings: { op: ">", value: 1e-9, for: 3 },
      });
      expect(await opened.store.put(one)).toBeUndefined();
      expect(await opened.store.put(other)).toBeUndefined();
      const held = [...(await opened.store.list())].sort((a, b) => (a.id < b.id ? -1 : 1));
      expect(held).toEqual([one, other]);
    });

    it.each<SettingsOverride["scope"]>([
      { kind: "watch", watch: watchIdOf("/logs") },
      { kind: "group", runs: "nightly/*" },
    ])("keeps a setting of scope $kind apart from everyone's", async (scope) => {
      const one = setting({ id: "t5", scope });
      await opened.store.put(setting());
      expect(await opened.store.put(one)).toBeUndefined();
      expect(await opened.store.put({ ...one, at: one.at + 1 })).toEqual(one);
      expect(await opened.store.list()).toHaveLength(2);
    });

    it("keeps a setting without tags and split apart from one with them", async () => {
      const { tags: _, ...everywhere } = setting({ id: "t3" });
      await opened.store.put(everywhere);
      await opened.store.put(setting());
      await opened.store.put(setting({ id: "t4", split: "" }));
      expect(await opened.store.list()).toHaveLength(3);
      expect(await opened.store.list()).toContainEqual(everywhere);
    });

    it("replaces the setting of the same scope, rule, tags and split, whatever its id, and returns it", async () => {
      const before = setting();
      await opened.store.put(before);
      const after = setting({ id: "t9", tags: ["val/损失", "loss"], settings: { min_total: 0.5 } });
      expect(await opened.store.put(after)).toEqual(before);
      expect(await opened.store.list()).toEqual([after]);
      expect(await opened.store.remove(before.id)).toBeUndefined();
    });

    it("removes by id, once", async () => {
      await opened.store.put(setting());
      expect(await opened.store.remove("t1")).toEqual(setting());
      expect(await opened.store.remove("t1")).toBeUndefined();
      expect(await opened.store.list()).toEqual([]);
    });

    it("two people at once lose nothing", async () => {
      const many = Array.from({ length: 20 }, (_, n) => setting({ id: `t${n}`, tags: [`tag${n}`] }));
      await Promise.all(many.map((one) => opened.store.put(one)));
      expect(await opened.store.list()).toHaveLength(20);
    });
  });
}

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Mute } from "../../src/alerts/mute.js";
import type { MuteStore } from "../../src/commands/context.js";
import { runIdOf, watchIdOf } from "../../src/series/run.js";
import type { OpenedStore } from "./opened-store.js";

/** Far ahead of any clock that a store may look at: what is over may be gone from a store at any time. */
const until = 4_102_444_800_000;

function muted(more: Partial<Mute> = {}): Mute {
  const run = runIdOf({ watch: watchIdOf("/logs"), name: "run42" });
  return {
    id: "m1",
    target: { kind: "run", run },
    until,
    author: "安 (slack:U1)",
    at: 1_772_366_400_000,
    ...more,
  };
}

/** What every store of mutes keeps to; `open` gives an empty one. */
export function muteStoreContract(name: string, open: () => Promise<OpenedStore<MuteStore>>): void {
  describe(`${name} as a store of mutes`, () => {
    let opened: OpenedStore<MuteStore>;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it("is empty at first", async () => {
      expect(await opened.store.list()).toEqual([]);
    });

    it("gives back whole what was put", async () => {
      const one = muted();
      const other = muted({ id: "m2", target: { kind: "rule", rule: "stalled" } });
      await opened.store.put(one);
      await opened.store.put(other);
      const held = [...(await opened.store.list())].sort((a, b) => (a.id < b.id ? -1 : 1));
      expect(held).toEqual([one, other]);
    });

    it("a second mute of an id replaces the first", async () => {
      await opened.store.put(muted());
      await opened.store.put(muted({ until: until + 1 }));
      expect(await opened.store.list()).toEqual([muted({ until: until + 1 })]);
    });

    it("removes by id, once", async () => {
      await opened.store.put(muted());
      expect(await opened.store.remove("m1")).toEqual(muted());
      expect(await opened.store.remove("m1")).toBeUndefined();
      expect(await opened.store.list()).toEqual([]);
    });
  });
}

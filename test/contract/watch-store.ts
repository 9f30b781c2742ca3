import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { WatchStore } from "../../src/commands/context.js";
import type { OpenedStore } from "./opened-store.js";

/** Directories that the factory prepares: all below `root` but `outside`, and all there but `missing`. */
export interface WatchPlaces {
  readonly root: string;
  /** Watched by the config. */
  readonly configured: string;
  readonly first: string;
  readonly second: string;
  readonly missing: string;
  readonly outside: string;
}

export type OpenedWatches = OpenedStore<WatchStore> & { readonly places: WatchPlaces };

/** What every store of watches keeps to; `open` gives one that watches only the configured directory. */
export function watchStoreContract(name: string, open: () => Promise<OpenedWatches>): void {
  describe(`${name} as a store of watches`, () => {
    const author = "Ada (slack:UADMIN)";
    let opened: OpenedWatches;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    async function roots(): Promise<readonly string[]> {
      return (await opened.store.list()).map(({ root }) => root).sort();
    }

    it("holds what the config watches, and the allowed roots", async () => {
      const { root, configured } = opened.places;
      expect(await opened.store.list()).toMatchObject([{ root: configured, origin: "config" }]);
      expect(opened.store.roots()).toEqual([root]);
    });

    it("adds a directory below a root, with its author", async () => {
      const { first, configured } = opened.places;
      const outcome = await opened.store.add(first, author, 1);
      expect(outcome).toMatchObject({
        kind: "added",
        watch: { root: first, origin: "chat", author, runs: 0 },
      });
      expect(await roots()).toEqual([configured, first].sort());
    });

    it.each([
      ["configured", "watched-already"],
      ["outside", "outside"],
      ["missing", "not-there"],
    ] as const)("refuses what is %s, as %s", async (which, why) => {
      const outcome = await opened.store.add(opened.places[which], author, 1);
      expect(outcome).toEqual({ kind: "refused", why, place: opened.places[which] });
      expect(await roots()).toEqual([opened.places.configured]);
    });

    it("refuses a way out of the roots", async () => {
      const { root, outside } = opened.places;
      const way = `${root}/../${outside.slice(outside.lastIndexOf("/") + 1)}`;
      expect(await opened.store.add(way, author, 1)).toMatchObject({ kind: "refused" });
    });

    it("refuses a directory that is watched already", async () => {
      await opened.store.add(opened.places.first, author, 1);
      expect(await opened.store.add(opened.places.first, author, 2)).toMatchObject({ kind: "refused" });
    });

    it("removes by directory and by id, once, and never what the config watches", async () => {
      const { first, second, configured } = opened.places;
      await opened.store.add(first, author, 1);
      const added = await opened.store.add(second, author, 1);
      expect(await opened.store.remove(first)).toMatchObject({ kind: "removed", watch: { root: first } });
      expect(await opened.store.remove(first)).toMatchObject({ kind: "refused" });
      const id = added.kind === "added" ? added.watch.id : "";
      expect(await opened.store.remove(id)).toMatchObject({ kind: "removed", watch: { root: second } });
      expect(await opened.store.remove(configured)).toMatchObject({ kind: "refused" });
      expect(await roots()).toEqual([configured]);
    });
  });
}

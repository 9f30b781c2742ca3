import { renameSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { rigLane, WatchRig } from "../support/watch-rig.js";

let rig: WatchRig;
beforeEach(() => {
  rig = new WatchRig();
});
afterEach(() => {
  rig.dispose();
});

const broken = [3, 2, Number.NaN];
const posts = (): readonly string[] => rig.platform.posts.map(({ headline }) => headline);
const points = async (name: string): Promise<number | undefined> =>
  (await rig.stores.runs.head(rig.idOf(name)))?.facts.points;

describe("runs that vanish and come back", () => {
  it("says nothing twice of a directory that was away, and reads on where it was", async () => {
    rig.write("mnt/run", { tag: "loss", values: broken });
    const bot = await rig.start();
    await bot.watchFor(3);
    const before = posts();
    expect(before).toHaveLength(2);
    renameSync(join(rig.root, "mnt"), `${rig.root}-away`);
    await bot.watchFor(20);
    expect(posts().slice(2)).toHaveLength(1);
    renameSync(`${rig.root}-away`, join(rig.root, "mnt"));
    await bot.watchFor(20);
    expect(posts().slice(3)).toEqual([]);
    expect(await points("mnt/run")).toBe(3);
  });

  it.each([
    ["not there", "nothing", []],
    // Without another device nobody can tell it from a root that was emptied: the alert ends, and is not said again.
    ["empty", "empty", ["Closed · run · loss: the run ended with the alert open for 0s"]],
  ] as const)(
    "says nothing twice where the root is %s for a while, through a restart too",
    async (_how, leaves, said) => {
      rig.write("run", { tag: "loss", values: broken });
      const bot = await rig.start();
      await bot.watchFor(3);
      rig.unmount(leaves);
      await bot.watchFor(20);
      const successor = await rig.start();
      await successor.watchFor(20);
      rig.mount();
      await successor.watchFor(20);
      await bot.watchFor(20);
      expect(posts().slice(2)).toEqual(said);
      expect(await points("run")).toBe(3);
      expect(await rig.stores.lanes.length(rigLane)).toBe(0);
    },
  );

  it("takes a run that begins again under its name as that run gone back", async () => {
    rig.write("run", { tag: "loss", values: [3, 2, 1] });
    const bot = await rig.start();
    await bot.watchFor(3);
    rig.remove("run");
    await bot.watchFor(20);
    rig.write("run", { tag: "loss", values: [9, 8, Number.NaN] });
    await bot.watchFor(20);
    expect(await points("run")).toBe(6);
    expect(posts().slice(2)).toMatchInlineSnapshot(`
      [
        "Restarted · run · resumed from step 0",
      ]
    `);
  });

  it("reads a renamed run under its new name, and lets the old one end", async () => {
    rig.write("old", { tag: "loss", values: broken });
    const bot = await rig.start();
    await bot.watchFor(3);
    renameSync(join(rig.root, "old"), join(rig.root, "new"));
    await bot.watchFor(20);
    expect(await points("new")).toBe(3);
    expect(await rig.stores.runs.load(rig.idOf("old"))).toMatchObject({ open: [] });
  });
});

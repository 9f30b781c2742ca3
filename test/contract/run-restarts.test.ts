import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { effectivePoints } from "../../src/series/effective.js";
import { seriesKeyOf } from "../../src/series/run.js";
import { WatchRig } from "../support/watch-rig.js";

let rig: WatchRig;
beforeEach(() => {
  rig = new WatchRig();
});
afterEach(() => {
  rig.dispose();
});

const restarts = async () => (await rig.stores.runs.head(rig.idOf("run")))?.facts.restarts;

describe("a run that goes on from an earlier step", () => {
  it.each(["between two looks", "within one look"])("is marked as restarted, %s", async (when) => {
    rig.write("run", { tag: "loss", values: [5, 4, 3] });
    const bot = await rig.start();
    await bot.watchFor(3);
    rig.write("run", { tag: "loss", values: [2, 1], from: 3 });
    if (when === "between two looks") await bot.watchFor(3);
    rig.write("run", { tag: "loss", values: [3, 2], from: 2 });
    const { now } = rig;
    await bot.watchFor(3);
    expect(await restarts()).toEqual([{ step: 2, at: now }]);
    const kept = await rig.stores.runs.points(rig.idOf("run"), seriesKeyOf("", "loss"));
    expect([...kept.step]).toEqual([0, 1, 2, 3, 4, 2, 3]);
    expect([...effectivePoints(kept).step]).toEqual([0, 1, 2, 3]);
  });

  it("is marked with its own time where it is read as history", async () => {
    rig.dispose();
    rig = new WatchRig({ phase: "new" });
    rig.write("run", { tag: "loss", values: [5, 4, 3] });
    rig.write("run", { tag: "loss", values: [4, 3], from: 1 });
    const at = rig.now - 2_000;
    rig.now += 86_400_000;
    await (await rig.start()).watchFor(3);
    expect(await restarts()).toEqual([{ step: 1, at }]);
    expect(rig.platform.posts.filter(({ headline }) => headline.startsWith("Restarted"))).toEqual([]);
  });

  it("is not marked for steps that are logged twice", async () => {
    rig.write("run", { tag: "epoch", values: [0, 0] });
    rig.write("run", { tag: "epoch", values: [0, 1], from: 1 });
    await (await rig.start()).watchFor(3);
    expect(await restarts()).toEqual([]);
  });
});

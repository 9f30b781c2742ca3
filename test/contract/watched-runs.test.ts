import { renameSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ScanPorts } from "../../src/jobs/scan.js";
import { plainName } from "../../src/message/plain-name.js";
import { runIdOf, watchIdOf } from "../../src/series/run.js";
import { hparamsRecord } from "../support/hparams-record.js";
import { PowerCut, PowerSupply } from "../support/power-cut.js";
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

  it("closes the alerts of a run whose directory was deleted, and judges what is made in its place afresh", async () => {
    rig.write("run", { tag: "loss", values: broken });
    const bot = await rig.start();
    await bot.watchFor(3);
    const before = posts().length;
    rig.remove("run");
    await bot.watchFor(20);
    rig.write("run", { tag: "loss", values: [3, 2, Number.NaN] });
    await bot.watchFor(20);
    expect(await points("run")).toBe(6);
    expect(posts().slice(before)).toMatchInlineSnapshot(`
      [
        "Closed · run · loss: the run ended with the alert open for 0s",
        "Critical · run · loss became NaN · since step 2, 08:00 UTC",
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

it("leaves no deadline of a run that is not known any more", async () => {
  const id = rig.idOf("gone");
  const elsewhere = runIdOf({ watch: watchIdOf("/elsewhere"), name: "run" });
  for (const run of [id, elsewhere]) await rig.stores.registry.setDeadline(run, rig.now);
  const bot = await rig.start();
  await bot.tick();
  await bot.settle();
  rig.now += 3_600_000;
  expect(await rig.stores.registry.due(rig.now, 10)).toEqual([]);
});

describe("a directory that is registered with runs in it", () => {
  const old = (name: string): void => {
    rig.write(name, { tag: "loss", values: broken });
  };
  beforeEach(() => {
    rig.dispose();
    rig = new WatchRig({ phase: "new" });
  });

  it("is summed up in one line that names what is open, and raises no old alarm", async () => {
    for (const name of ["a/train", "a/val", "b", "c"]) old(name);
    rig.write("well", { tag: "loss", values: [3, 2, 1] });
    const bot = await rig.start();
    await bot.watchFor(20);
    expect(posts()).toEqual([`Watching ${plainName(rig.root, 70)} · 4 runs, 15 points so far`]);
    expect((await rig.stores.registry.list())[0]?.phase).toBe("live");
  });

  it("tells what happens from then on, also of a run with a past", async () => {
    old("run");
    const bot = await rig.start();
    await bot.watchFor(20);
    rig.write("run", { tag: "val/loss", values: [1, Number.NaN], from: 3 });
    await bot.watchFor(20);
    expect(posts().slice(2)).toHaveLength(1);
    expect(posts()[2]).toContain("val/loss became NaN");
  });

  it("stays quiet and says it once, wherever the process that reads its past is killed", async () => {
    for (const name of ["one", "two"]) old(name);
    for (let cutAt = 0, whole = false; !whole; cutAt += 3) {
      const fresh = new WatchRig({ phase: "new" });
      for (const name of ["one", "two"]) fresh.write(name, { tag: "loss", values: broken });
      const power = new PowerSupply(cutAt);
      const first = await fresh.start({
        runs: power.wrap(fresh.stores.runs),
        lanes: power.wrap(fresh.stores.lanes),
        registry: power.wrap(fresh.stores.registry),
      });
      await first.watchFor(2).catch((error: unknown) => {
        if (!(error instanceof PowerCut)) throw error;
      });
      whole = !power.cut;
      await fresh.stores.lanes.breakLease(rigLane);
      const second = await fresh.start();
      await second.recover();
      await second.tick();
      await second.watchFor(20);
      await second.tick();
      await second.settle();
      const said = fresh.platform.posts.map(({ entryId }) => entryId.slice(0, 7));
      expect(said, `cut at ${cutAt}`).toEqual(["history"]);
      expect((await fresh.stores.registry.list())[0]?.phase, `cut at ${cutAt}`).toBe("live");
      fresh.dispose();
    }
  });

  it("stays quiet where its share is mounted only later", async () => {
    old("run");
    rig.unmount("nothing");
    const bot = await rig.start();
    await bot.watchFor(3);
    rig.mount();
    await bot.watchFor(20);
    expect(posts()).toHaveLength(1);
    expect(posts()[0]).toContain("1 run, 3 points");
  });

  it.each([
    ["while its past is read", 0],
    ["after its past was read", 20],
  ])("keeps quiet of a run that is sorted anew %s, and tells what comes then", async (_when, seconds) => {
    rig.write("exp/train", { tag: "loss", values: broken });
    const bot = await rig.start();
    await bot.look();
    await bot.watchFor(seconds);
    expect([...(await rig.stores.registry.runs(rig.watch.id)).values()]).toEqual(["exp"]);
    rig.write("exp/a", { tag: "loss", values: [3, 2, 1] });
    await bot.watchFor(40);
    const names = [...(await rig.stores.registry.runs(rig.watch.id)).values()].sort();
    expect(names).toEqual(["exp/a", "exp/train"]);
    expect(posts()).toHaveLength(1);
    expect(await rig.stores.registry.priming(rig.watch.id)).toEqual([]);
    expect((await rig.stores.registry.list())[0]?.phase).toBe("live");
    rig.write("exp/train", { tag: "val/loss", values: [1, Number.NaN], from: 3 });
    await bot.watchFor(20);
    expect(posts().slice(2)).toHaveLength(1);
    expect(posts()[2]).toContain("val/loss became NaN");
  });
});

/** As a config does that says what is a split of what. */
const eachForItself: NonNullable<ScanPorts["regroup"]> = (_watch, grouping) =>
  new Map([...grouping.keys()].map((name) => [name, { run: name, split: "" }]));

it("keeps quiet of a run that loses a part and stays, wherever the process that sorts it anew is killed", async () => {
  for (let cutAt = 0, whole = false; !whole; cutAt += 1) {
    const fresh = new WatchRig({ phase: "new" });
    for (const name of ["a", "a/x"]) fresh.write(name, { tag: "loss", values: broken });
    const first = await fresh.start();
    await first.watchFor(20);
    expect([...(await fresh.stores.registry.runs(fresh.watch.id)).values()]).toEqual(["a"]);
    fresh.write("b", { tag: "loss", values: [3, 2, 1] });
    const power = new PowerSupply(cutAt);
    const second = await fresh.start({
      runs: power.wrap(fresh.stores.runs),
      registry: power.wrap(fresh.stores.registry),
      regroup: eachForItself,
    });
    await second.look().catch((error: unknown) => {
      if (!(error instanceof PowerCut)) throw error;
    });
    whole = !power.cut;
    const third = await fresh.start({ regroup: eachForItself });
    await third.watchFor(40);
    const runs = [...(await fresh.stores.registry.runs(fresh.watch.id)).values()].sort();
    expect(runs, `cut at ${cutAt}`).toEqual(["a", "a/x", "b"]);
    expect(
      fresh.platform.posts.map(({ entryId }) => entryId.slice(0, 7)),
      `cut at ${cutAt}`,
    ).toEqual(["history"]);
    fresh.dispose();
  }
});

describe("names and numbers that nobody expects", () => {
  it("reads a run called __proto__ and one called constructor as any other", async () => {
    for (const name of ["__proto__", "constructor", "__proto__/train", "a\nb"])
      rig.write(name, { tag: "__proto__", values: [1, 2, 3] });
    const bot = await rig.start();
    await bot.watchFor(3);
    const found = [...(await rig.stores.registry.runs(rig.watch.id)).values()].sort();
    const counts = await Promise.all(found.map(points));
    expect(Object.fromEntries(found.map((name, at) => [`run ${name}`, counts[at]]))).toMatchInlineSnapshot(`
      {
        "run __proto__": 6,
        "run a
      b": 3,
        "run constructor": 3,
      }
    `);
  });

  it("reads a run of 400 log runs to its end, in several commits", async () => {
    rig.write("run", { tag: "loss", values: [1] });
    for (let at = 0; at < 400; at += 1) rig.write(`run/sub${at}`, { tag: "t", values: [1, 2] });
    const bot = await rig.start();
    await bot.watchFor(3);
    const runs = await rig.stores.registry.runs(rig.watch.id);
    let total = 0;
    for (const id of runs.keys()) total += (await rig.stores.runs.head(id))?.facts.points ?? 0;
    expect(total).toBe(801);
  });

  it("goes on after a clock that jumped back a day, and one that jumped ahead", async () => {
    rig.write("run", { tag: "loss", values: [3, 2, 1] });
    const bot = await rig.start();
    await bot.watchFor(3);
    for (const jump of [-86_400_000, 2 * 86_400_000]) {
      rig.now += jump;
      rig.write("run", { tag: "loss", values: [1, 1], from: 3 + (jump > 0 ? 2 : 0) });
      await bot.watchFor(40);
    }
    expect(await points("run")).toBe(7);
  });
});

describe("a writer whose clock is two hours ahead", () => {
  it("is called silent when one whose clock is right would be, for as long, and at no time before", async () => {
    for (const [name, ahead] of [
      ["right", 0],
      ["ahead", 7_200],
    ] as const) {
      const writer = rig.writer(name);
      writer.record(hparamsRecord({ max_steps: 1_000 }));
      for (let at = 0; at < 30; at += 1) writer.add("loss", at, 3 - at / 30, rig.seconds - 30 + at + ahead);
      writer.close();
    }
    const bot = await rig.start();
    for (let minute = 0; minute < 60; minute += 1) {
      await bot.tick();
      await bot.watchFor(1);
      rig.now += 59_000;
      if (minute === 20) expect(posts()).toEqual([]);
    }
    expect(posts()).toMatchInlineSnapshot(`
      [
        "right · quiet since 08:00 UTC · 1 open alert (critical) · step 29",
        "Critical · right · stalled: quiet for 30m at step 29 of 1,000 · 08:29 UTC",
        "ahead · quiet since 08:00 UTC · 1 open alert (critical) · step 29",
        "Critical · ahead · stalled: quiet for 30m at step 29 of 1,000 · 10:29 UTC",
      ]
    `);
  });
});

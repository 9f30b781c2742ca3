import { afterEach, beforeEach, expect, it } from "vitest";
import { type RigProcess, WatchRig } from "../support/watch-rig.js";

let rig: WatchRig;
let bot: RigProcess;
beforeEach(async () => {
  rig = new WatchRig();
  bot = await rig.start();
});
afterEach(() => rig.dispose());

/** A run that begins now and writes so many points of each tag. */
async function train(name: string, tags: readonly string[], points = 200): Promise<void> {
  rig.now += 3_600_000;
  const writer = rig.writer(name);
  for (let step = 0; step < points; step += 1)
    for (const tag of tags) writer.add(tag, step, 1 / (step + 1), rig.seconds + step);
  writer.close();
  await bot.look();
  await bot.settle();
}

async function missing(name: string): Promise<readonly string[]> {
  const stored = await rig.stores.runs.load(rig.idOf(name));
  return (stored?.open ?? []).filter(({ rule }) => rule === "missing_metric").map(({ tag }) => tag);
}

const usual = ["train/loss", "val/accuracy"];

it("a metric that the three runs before it in its directory wrote is missed, after a restart too", async () => {
  for (const night of [1, 2, 3]) await train(`nightly/${night}`, usual);
  await train("nightly/10", ["train/loss"], 60);
  expect(await missing("nightly/10")).toEqual([]);
  bot = await rig.start();
  await train("nightly/10", ["train/loss"], 60);
  expect(await missing("nightly/10")).toEqual(["val/accuracy"]);
});

it.each([
  ["only two runs were before it", ["nightly/1", "nightly/2"], "nightly/3"],
  ["they are of another directory", ["a/1", "a/2", "a/3"], "b/4"],
])("nothing is missed where %s", async (_, before, name) => {
  for (const run of before) await train(run, usual);
  await train(name, ["train/loss"]);
  expect(await missing(name)).toEqual([]);
});

it("what only one of the three wrote, or wrote a few times, is not usual", async () => {
  await train("nightly/1", ["train/loss", "val/accuracy"]);
  await train("nightly/2", ["train/loss"]);
  await train("nightly/3", ["train/loss"]);
  await train("nightly/4", ["train/loss"]);
  expect(await missing("nightly/4")).toEqual([]);
});

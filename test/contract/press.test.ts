import { afterEach, beforeEach, expect, it } from "vitest";
import { createAlertBook } from "../../src/app/alert-book.js";
import type { RigProcess } from "../support/watch-rig.js";
import { rigLane, WatchRig } from "../support/watch-rig.js";

let rig: WatchRig;
let bot: RigProcess;

beforeEach(async () => {
  rig = new WatchRig();
  bot = await rig.start();
  Object.assign(bot.ports, {
    routing: {
      routes: [{ to: [rigLane], mention: ["rec:u1"] }],
      owners: [],
      pressing: new Map([["rec", 900_000]]),
    },
  });
  rig.write("run1", { tag: "loss", values: [1, 0.9, 0.8, Number.NaN] });
  await bot.watchFor(3);
});
afterEach(() => rig.dispose());

const pressed = () => rig.platform.posts.filter(({ entryId }) => entryId.includes("/press/"));

/** Minutes without a new point; every minute what is due is woken. */
async function pass(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    rig.now += 60_000;
    await bot.tick();
    await bot.settle();
  }
}

it("a critical alert that nobody acknowledges presses its people once, after its time", async () => {
  expect(rig.platform.posts.some(({ headline }) => headline.startsWith("Critical"))).toBe(true);
  await pass(13);
  expect(pressed()).toEqual([]);
  await pass(3);
  expect(pressed().map(({ headline }) => headline)).toEqual([
    expect.stringMatching(/^Critical · run1 · loss became NaN · unacknowledged for 1[56]m/),
  ]);
  await pass(60);
  expect(pressed()).toHaveLength(1);
});

it("an acknowledgement cancels it", async () => {
  await pass(10);
  const { registry, runs } = bot.ports;
  expect(await createAlertBook({ registry, runs }).ack(rig.idOf("run1"), "Ann", rig.now)).toHaveLength(1);
  await pass(30);
  expect(pressed()).toEqual([]);
});

it("a process that dies in between presses once all the same", async () => {
  await pass(10);
  const { routing } = bot.ports;
  bot = await rig.start();
  Object.assign(bot.ports, { routing });
  await pass(10);
  expect(pressed()).toHaveLength(1);
});

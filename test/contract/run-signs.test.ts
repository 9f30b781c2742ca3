import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hparamsRecord } from "../support/hparams-record.js";
import { type RigProcess, WatchRig } from "../support/watch-rig.js";

let rig: WatchRig;
let bot: RigProcess;
beforeEach(async () => {
  rig = new WatchRig();
  bot = await rig.start();
});
afterEach(() => rig.dispose());

/** Points a second apart up to now, of a run that may declare its length. */
function train(name: string, from: number, declared?: number): void {
  const writer = rig.writer(name, `.${from}`);
  if (declared !== undefined) writer.record(hparamsRecord({ max_steps: declared }));
  for (let i = 0; i < 60; i += 1) writer.add("loss", from + i, 1 / (from + i + 1), rig.seconds - 60 + i);
  writer.close();
}

function put(path: string, text = ""): void {
  const file = join(rig.root, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  utimesSync(file, rig.seconds, rig.seconds);
}

/** As the polling would: a look, then the tick wakes what is due. */
async function pass(seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 60) {
    await bot.look();
    await bot.tick();
    await bot.settle();
    rig.now += 60_000;
  }
}

async function outcome(name: string): Promise<string | undefined> {
  return (await rig.stores.runs.head(rig.idOf(name)))?.facts.outcome;
}

function said(): readonly string[] {
  return rig.platform.posts.map(({ headline }) => headline);
}

describe("files beside the event files", () => {
  it.each([
    ["a done marker", "run/done", "", "finished"],
    ["Hugging Face's results, above its runs", "all_results.json", "{}", "finished"],
    ["a scheduler that says it is done", "run/job_state", "COMPLETED", "finished"],
    ["a scheduler that says it failed", "run/slurm_state.json", '{"state": "OUT_OF_MEMORY"}', "crashed"],
    ["nothing", "run/notes.txt", "done", undefined],
  ])("%s", async (...[what, file, text, expected]) => {
    const name = what.startsWith("Hugging") ? "runs/a" : "run";
    train(name, 0);
    await pass(120);
    expect(await outcome(name)).toBeUndefined();
    put(file, text);
    await pass(240);
    expect(await outcome(name)).toBe(expected);
  });

  it("a run that crashed is told, and its state stands in the root; points that go on end both", async () => {
    train("run", 0);
    await pass(120);
    put("run/job_state", "FAILED");
    await pass(180);
    expect(said().some((line) => line.includes("crashed at step 59"))).toBe(true);
    expect(said()[0]).toContain("crashed");
    rmSync(join(rig.root, "run/job_state"));
    train("run", 60);
    await pass(120);
    expect(await outcome("run")).toBeUndefined();
    expect(said()[0]).not.toContain("crashed");
  });

  it("a marker that is older than the run's points is another run's", async () => {
    put("run/done");
    rig.now += 3_600_000;
    train("run", 0);
    await pass(180);
    expect(await outcome("run")).toBeUndefined();
  });

  it("an error file and silence are a crash, once the silence is strange", async () => {
    train("run", 0);
    await pass(60);
    put("run/error.json", '{"message": "CUDA error"}');
    await pass(20 * 60);
    expect(await outcome("run")).toBeUndefined();
    await pass(20 * 60);
    expect(await outcome("run")).toBe("crashed");
  });

  it("a lease that was seen is remembered by the process after a killed one", async () => {
    train("run", 0, 1_000);
    await pass(60);
    put("run/train.pid", "4711");
    await pass(180);
    bot = await rig.start();
    rmSync(join(rig.root, "run/train.pid"));
    await pass(180);
    expect(await outcome("run")).toBe("crashed");
  });
});

it("a late batch of old points does not end a silence", async () => {
  const stalls = async (): Promise<readonly string[]> => {
    const stored = await rig.stores.runs.load(rig.idOf("run"));
    const open = (stored?.open ?? []).map(({ rule, id }) => `${rule} open ${id}`);
    const closed = await rig.stores.runs.closedEpisodes(rig.idOf("run"), 10);
    return [...open, ...closed.map(({ rule, id }) => `${rule} closed ${id}`)];
  };
  train("run", 0);
  await pass(50 * 60);
  const before = await stalls();
  expect(before.join()).toMatch(/^stalled open [^,]*$/u);
  const late = rig.writer("run", ".late");
  for (let i = 0; i < 20; i += 1) late.add("x", i, 1, rig.seconds - 7_200 + i);
  late.close();
  await pass(10 * 60);
  expect((await rig.stores.runs.head(rig.idOf("run")))?.facts.points).toBe(80);
  expect(await stalls()).toEqual(before);
});

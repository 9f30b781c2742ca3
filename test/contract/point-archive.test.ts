import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createPointArchive } from "../../src/app/point-archive.js";
import { openLogSource } from "../../src/eventlog/log-sources.js";
import { silentLog } from "../../src/lib/log.js";
import { seriesKeyOf } from "../../src/series/run.js";
import { type RigProcess, WatchRig } from "../support/watch-rig.js";

const train = seriesKeyOf("train", "seen");
const validation = seriesKeyOf("validation", "seen");

let rig: WatchRig;
let reads: string[];
let bot: RigProcess;
beforeEach(async () => {
  rig = new WatchRig();
  reads = [];
  bot = await rig.start({
    openSource: (root) => {
      const source = openLogSource(root);
      return {
        ...source,
        read: (request) => {
          reads.push(request.logRun);
          return source.read(request);
        },
      };
    },
  });
});
afterEach(() => {
  rig.dispose();
});

/** Steps from `from` on; the value is the step. */
const steps = (from: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => from + at);
const write = (split: string, from: number, count: number): void => {
  rig.write(`run/${split}`, { tag: "seen", values: steps(from, count), from });
};
const charted = async (key = train): Promise<readonly number[]> => [
  ...(await bot.directory.points(rig.idOf("run"), key)).step,
];
async function ingested(): Promise<void> {
  await bot.watchFor(2);
  reads = [];
}

describe("a chart of what Redis no longer holds", () => {
  it("asks the files for nothing while Redis holds the window", async () => {
    write("train", 0, 9_000);
    await ingested();
    expect((await charted()).slice(-2_000)).toEqual(steps(7_000, 2_000));
    expect(reads).toEqual([]);
  });

  it("shows the whole of an idle run, and of one at rest", async () => {
    write("train", 0, 3_000);
    write("validation", 0, 30);
    await ingested();
    for (const idle of [
      () => rig.stores.runs.trimPoints(rig.idOf("run"), 200),
      () => rig.stores.runs.rest(rig.idOf("run")),
    ]) {
      await idle();
      expect(await charted()).toEqual(steps(0, 3_000));
      expect(await charted(validation)).toEqual(steps(0, 30));
    }
  });

  it("shows a run that goes on after its rest without a gap", async () => {
    write("train", 0, 3_000);
    await ingested();
    await rig.stores.runs.rest(rig.idOf("run"));
    write("train", 3_000, 100);
    await bot.watchFor(20);
    expect(await charted()).toEqual(steps(0, 3_100));
  });

  it("reads on where the last request stopped instead of from the start", async () => {
    write("train", 0, 3_000);
    await ingested();
    await rig.stores.runs.rest(rig.idOf("run"));
    await charted();
    write("train", 3_000, 10);
    reads = [];
    expect(await charted()).toHaveLength(3_010);
    expect(reads).toEqual(["run/train"]);
  });

  it("shows what Redis still has where the files are gone", async () => {
    write("train", 0, 3_000);
    await ingested();
    await rig.stores.runs.trimPoints(rig.idOf("run"), 200);
    rmSync(join(rig.root, "run"), { recursive: true });
    expect(await charted()).toEqual(steps(2_800, 200));
  });

  it("leaves out what a restart took away", async () => {
    write("train", 0, 3_000);
    await ingested();
    rig.write("run/train", { tag: "seen", values: [7, 7, 7], from: 1_000 });
    await bot.watchFor(20);
    await rig.stores.runs.rest(rig.idOf("run"));
    expect(await charted()).toEqual(steps(0, 1_003));
  });
});

describe("the history that a rehearsal judges", () => {
  const history = (withinMs: number) => bot.directory.history(rig.idOf("run"), [train, validation], withinMs);

  it("is whole where the window alone is thinned", async () => {
    write("train", 0, 9_000);
    write("validation", 0, 30);
    await ingested();
    const { points, whole } = await history(10_000);
    expect(whole).toBe(true);
    expect([...(points.get(train)?.step ?? [])]).toEqual(steps(0, 9_000));
    expect([...(points.get(validation)?.step ?? [])]).toEqual(steps(0, 30));
    expect(reads).not.toContain("run/validation");
  });

  it("says so where there was no time to read it, and gives the newest points", async () => {
    write("train", 0, 9_000);
    await ingested();
    const { points, whole } = await history(0);
    expect([whole, reads]).toEqual([false, []]);
    expect([...(points.get(train)?.step ?? [])].slice(-2_000)).toEqual(steps(7_000, 2_000));
  });

  it("joins the beginning that was read in time with the end that Redis holds", async () => {
    write("train", 0, 60_000);
    await ingested();
    await rig.stores.runs.trimPoints(rig.idOf("run"), 200);
    const { points, whole } = await history(Number.MIN_VALUE);
    const found = [...(points.get(train)?.step ?? [])];
    expect([whole, reads.length]).toEqual([false, 1]);
    expect([found[0], found.at(-1)]).toEqual([0, 59_999]);
    expect(found.length).toBeLessThan(30_000);
    expect(found.slice(-200)).toEqual(steps(59_800, 200));
  });

  it("says that points are missing where files were taken away", async () => {
    write("train", 0, 3_000);
    await ingested();
    await rig.stores.runs.trimPoints(rig.idOf("run"), 200);
    rmSync(join(rig.root, "run"), { recursive: true });
    expect((await history(10_000)).whole).toBe(false);
  });
});

it("holds what was asked for lately for a minute, and nothing after it", async () => {
  write("train", 0, 30);
  const archive = createPointArchive({
    openSource: openLogSource,
    clock: { now: () => rig.now },
    log: silentLog,
  });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    await archive.read({ root: rig.root, logRun: "run/train", tags: ["seen"], withinMs: Infinity });
    expect(archive.held).toBe(1);
    vi.advanceTimersByTime(59_999);
    expect(archive.held).toBe(1);
    rig.now += 60_000;
    vi.advanceTimersByTime(1);
    expect(archive.held).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

import { mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { sourceShelf } from "../../src/app/source-shelf.js";
import { openLogSource } from "../../src/eventlog/log-sources.js";
import { EventFileWriter } from "../support/event-writer.js";
import { WatchRig } from "../support/watch-rig.js";

let rig: WatchRig;
let outside: string;
beforeEach(() => {
  rig = new WatchRig();
  outside = mkdtempSync(join(tmpdir(), "tb-outside-"));
});
afterEach(() => {
  rig.dispose();
  rmSync(outside, { recursive: true });
});

function writeOutside(value: number): EventFileWriter {
  const writer = new EventFileWriter(outside, { wallTime: 1_790_000_000 });
  writer.add("loss", 1, value, rig.seconds);
  writer.close();
  return writer;
}

async function runsFound(): Promise<readonly string[]> {
  return [...(await rig.stores.registry.runs(rig.watch.id)).values()].sort();
}

it("skips a directory and a file that links bring in from outside the allowed roots, and says each once", async () => {
  const secret = writeOutside(42);
  rig.write("run", { tag: "loss", values: [3, 2, 1] });
  symlinkSync(outside, join(rig.root, "elsewhere"));
  symlinkSync(secret.path, join(rig.root, "run", basename(secret.path)));
  const bot = await rig.start();
  await bot.watchFor(20);
  expect(await runsFound()).toEqual(["run"]);
  expect((await rig.stores.runs.head(rig.idOf("run")))?.facts.points).toBe(3);
  expect(rig.said).toEqual(
    [join(rig.root, "elsewhere"), join(rig.root, "run", basename(secret.path))].map((link) => ({
      event: "scan_problem",
      facts: { root: rig.root, problem: `${link} is a link out of the allowed roots: skipped` },
    })),
  );
});

it("follows a link that leads below another allowed root, by whatever path that root is named", async () => {
  writeOutside(42);
  symlinkSync(outside, join(rig.root, "elsewhere"));
  const alias = `${outside}-alias`;
  symlinkSync(outside, alias);
  const bot = await rig.start({ openSource: sourceShelf([alias]) });
  await bot.watchFor(1);
  rmSync(alias);
  expect(await runsFound()).toEqual(["elsewhere"]);
});

it("follows links within a root that is itself reached through a link", async () => {
  rig.write("real", { tag: "loss", values: [1] });
  symlinkSync(join(realpathSync(rig.root), "real"), join(rig.root, "alias"));
  const bot = await rig.start();
  await bot.watchFor(1);
  expect(await runsFound()).toEqual(["alias", "real"]);
});

it("follows every link where nothing is watched: what a person names is read", async () => {
  writeOutside(42);
  symlinkSync(outside, join(rig.root, "elsewhere"));
  const sweep = await openLogSource(rig.root)
    .scanner(rig.root, { hotMs: 1_000, knownMs: 15_000, walkMs: 15_000, hotForMs: 600_000 })
    .sweep(rig.now);
  expect(sweep.changed.map(({ name }) => name)).toEqual(["elsewhere"]);
});

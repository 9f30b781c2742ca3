import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileScanner } from "../../src/eventlog/file/file-scanner.js";
import { defaultScanIntervals, type LogScanner } from "../../src/eventlog/log-source.js";
import { openLogSource } from "../../src/eventlog/log-sources.js";

const start = 1_700_000_000_000;
const hour = 3_600_000;

let root: string;
let scanner: LogScanner;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tensorbell-scan-"));
  scanner = openLogSource(root).scanner(root, defaultScanIntervals);
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** Appends to a file and dates it; the machine's own clock plays no part. */
function write(path: string, bytes: number, at: number): void {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  appendFileSync(full, Buffer.alloc(bytes, 1));
  utimesSync(full, at / 1_000, at / 1_000);
}

async function changedAt(now: number): Promise<readonly string[]> {
  return (await scanner.sweep(now)).changed.map(({ name }) => name).sort();
}

describe("scanning a directory for log runs", () => {
  it("finds directories that hold event files, the root itself included, and names files in order", async () => {
    write("events.out.tfevents.2", 1, start);
    write("events.out.tfevents.10", 1, start);
    write("a/b/my.tfevents", 1, start);
    write("a/notes.txt", 1, start);
    write("tfevents/deeper/x.tfevents.gz", 1, start);
    mkdirSync(join(root, "d.tfevents.dir"));
    const { changed } = await scanner.sweep(start);
    expect(changed.map(({ name, files }) => [name, files.map((file) => file.name)]).sort()).toEqual([
      [".", ["events.out.tfevents.10", "events.out.tfevents.2"]],
      ["a/b", ["my.tfevents"]],
      ["tfevents/deeper", ["x.tfevents.gz"]],
    ]);
    expect(await changedAt(start + 60_000)).toEqual([]);
  });

  it("sees a hot file grow within a second", async () => {
    write("a/x.tfevents", 1, start);
    await scanner.sweep(start);
    write("a/x.tfevents", 1, start + 500);
    expect(await changedAt(start + 1_000)).toEqual(["a"]);
  });

  it("looks at a file that has long been quiet only with all known ones, and then often again", async () => {
    write("a/x.tfevents", 1, start - hour);
    await scanner.sweep(start);
    write("a/x.tfevents", 1, start + 500);
    expect(await changedAt(start + 1_000)).toEqual([]);
    expect(await changedAt(start + 15_000)).toEqual(["a"]);
    write("a/x.tfevents", 1, start + 15_500);
    expect(await changedAt(start + 16_000)).toEqual(["a"]);
  });

  it("finds a new run within a second while the tree is small", async () => {
    write("a/x.tfevents", 1, start);
    await scanner.sweep(start);
    write("b/c/x.tfevents", 1, start + 500);
    expect(await changedAt(start + 1_000)).toEqual(["b/c"]);
  });

  it("finds an idle run idle after a restart, by what was consumed before it", async () => {
    write("idle/x.tfevents", 10, start - hour);
    write("grew/x.tfevents", 10, start - hour);
    scanner.prime(
      new Map([
        ["idle", new Map([["x.tfevents", 10]])],
        ["grew", new Map([["x.tfevents", 7]])],
      ]),
    );
    expect(await changedAt(start)).toEqual(["grew"]);
    write("idle/x.tfevents", 1, start);
    expect(await changedAt(start + 15_000)).toEqual(["idle"]);
  });

  it("tells a run that lost a file from one that is gone, and sees it come back", async () => {
    write("a/1.tfevents", 1, start);
    write("a/2.tfevents", 1, start);
    write("b/1.tfevents", 1, start);
    await scanner.sweep(start);
    rmSync(join(root, "a/1.tfevents"));
    rmSync(join(root, "b"), { recursive: true });
    const sweep = await scanner.sweep(start + 1_000);
    expect(sweep.changed.map(({ name, files }) => [name, files.map((file) => file.name)])).toEqual([
      ["a", ["2.tfevents"]],
    ]);
    expect(sweep.gone).toEqual(["b"]);
    write("b/1.tfevents", 1, start + 1_500);
    expect(await changedAt(start + 2_000)).toEqual(["b"]);
  });

  it("sees a shrunk file and one renamed over another", async () => {
    write("a/x.tfevents", 10, start);
    write("b/x.tfevents", 10, start);
    await scanner.sweep(start);
    rmSync(join(root, "a/x.tfevents"));
    write("a/x.tfevents", 5, start + 500);
    write("b/partial", 20, start + 500);
    renameSync(join(root, "b/partial"), join(root, "b/x.tfevents"));
    expect(await changedAt(start + 1_000)).toEqual(["a", "b"]);
  });

  it("keeps what it knows while the root cannot be read, and says so once", async () => {
    write("a/x.tfevents", 1, start - hour);
    await scanner.sweep(start);
    renameSync(root, `${root}-away`);
    const away = await scanner.sweep(start + 1_000);
    expect([away.gone, away.problems.length]).toEqual([[], 1]);
    expect((await scanner.sweep(start + 2_000)).problems).toEqual([]);
    renameSync(`${root}-away`, root);
    expect(await changedAt(start + 3_000)).toEqual([]);
    expect(scanner.logRuns()).toHaveLength(1);
  });

  it("follows links, but not into the directories they stand in", async () => {
    write("real/x.tfevents", 1, start);
    mkdirSync(join(root, "links"));
    symlinkSync(join(root, "real"), join(root, "links/run"));
    symlinkSync(root, join(root, "links/loop"));
    symlinkSync(join(root, "real/x.tfevents"), join(root, "links/y.tfevents"));
    symlinkSync("nowhere", join(root, "links/broken.tfevents"));
    expect(await changedAt(start)).toEqual(["links", "links/run", "real"]);
  });

  it("skips a link that leaves the allowed roots, and says so once", async () => {
    const outside = mkdtempSync(join(tmpdir(), "tensorbell-outside-"));
    symlinkSync(outside, join(root, "out"));
    write("in/x.tfevents", 1, start);
    symlinkSync(join(root, "in"), join(root, "fine"));
    const source = openLogSource(root, { allowedRoots: [root] });
    const careful = source.scanner(root, defaultScanIntervals);
    const sweep = await careful.sweep(start);
    expect(sweep.changed.map(({ name }) => name).sort()).toEqual(["fine", "in"]);
    expect(sweep.problems).toEqual([`${join(root, "out")} is a link out of the allowed roots: skipped`]);
    rmSync(outside, { recursive: true });
  });

  it("stretches its intervals where looking takes too long, and says so once", async () => {
    let clock = 0;
    const slow = new FileScanner({
      root,
      intervals: defaultScanIntervals,
      elapsed: () => (clock += 4_000),
    });
    write("a/x.tfevents", 1, start - hour);
    const problems = [...(await slow.sweep(start)).problems];
    expect(problems).toHaveLength(1);
    expect((await slow.sweep(start + 16_000)).depth).toBe("hot");
    expect((await slow.sweep(start + 60_000)).problems).toEqual([]);
  });

  it("watches so many log runs and no more, and says so once", async () => {
    const full = new FileScanner({ root, intervals: defaultScanIntervals, mostLogRuns: 2 });
    for (const name of ["a", "b", "c", "d"]) write(`${name}/x.tfevents`, 1, start - hour);
    const sweep = await full.sweep(start);
    expect(sweep.changed).toHaveLength(2);
    expect(sweep.problems).toEqual([`more than 2 log runs below ${root}: the rest is not watched`]);
    write("e/x.tfevents", 1, start);
    expect((await full.sweep(start + 60_000)).problems).toEqual([]);
  });

  it("says where a tree is deeper than is walked", async () => {
    const deep = Array.from({ length: 34 }, (_, level) => `d${level}`).join("/");
    write(`${deep}/x.tfevents`, 1, start);
    write("shallow/x.tfevents", 1, start);
    const sweep = await scanner.sweep(start);
    expect(sweep.changed.map(({ name }) => name)).toEqual(["shallow"]);
    expect(sweep.problems).toEqual([
      expect.stringMatching(/is 32 directories deep: what lies below is not watched/),
    ]);
  });

  it("asks a slow share for many files at once, to the same findings", async () => {
    let clock = 0;
    const slow = new FileScanner({ root, intervals: defaultScanIntervals, elapsed: () => (clock += 4_000) });
    const names = Array.from({ length: 150 }, (_, index) => `run${index}`).sort();
    for (const name of names) write(`${name}/x.tfevents`, 1, start - hour);
    const changedIn = async (now: number): Promise<readonly string[]> =>
      (await slow.sweep(now)).changed.map(({ name }) => name).sort();
    expect(await changedIn(start)).toEqual(names);
    expect(await changedIn(start + 60_000)).toEqual([]);
    write("run7/x.tfevents", 1, start + 61_000);
    rmSync(join(root, "run8/x.tfevents"));
    write("run9/y.tfevents", 1, start + 61_000);
    const { changed, gone } = await slow.sweep(start + 120_000);
    expect(changed.map(({ name }) => name).sort()).toEqual(["run7", "run9"]);
    expect(gone).toEqual(["run8"]);
  });

  it("looks less often at what has been silent for hours where the tree is large, at the rest in every sweep", async () => {
    let clock = 0;
    // A walk of 30 ms is that of a large tree.
    const large = new FileScanner({ root, intervals: defaultScanIntervals, elapsed: () => (clock += 30) });
    const silentFor = { warm: hour, half: 5 * hour, cold: 48 * hour };
    const kinds = Object.entries(silentFor);
    const runs = kinds.flatMap(([kind, ms]) => [1, 2, 3, 4].map((each) => ({ name: `${kind}/${each}`, ms })));
    const touch = (later: number): void => {
      for (const { name, ms } of runs) {
        const at = start - ms + later;
        write(`${name}/x.tfevents`, 1, at);
        utimesSync(join(root, name), at / 1_000, at / 1_000);
      }
    };
    touch(0);
    await large.sweep(start);
    touch(1);
    const seen: Record<string, number[]> = { warm: [], half: [], cold: [] };
    for (const seconds of [15, 30, 45, 60]) {
      const { changed } = await large.sweep(start + seconds * 1_000);
      for (const [kind] of kinds)
        seen[kind]?.push(changed.filter(({ name }) => name.startsWith(kind)).length);
    }
    expect(seen).toEqual({ warm: [4, 0, 0, 0], half: [2, 2, 0, 0], cold: [2, 2, 0, 0] });
  });

  it("finds a new file in a directory that was silent for days within a minute", async () => {
    let clock = 0;
    const large = new FileScanner({ root, intervals: defaultScanIntervals, elapsed: () => (clock += 30) });
    const names = ["a", "b", "c", "d"];
    for (const name of names) {
      write(`${name}/x.tfevents`, 1, start - 48 * hour);
      utimesSync(join(root, name), start / 1_000 - 172_800, start / 1_000 - 172_800);
    }
    await large.sweep(start);
    for (const name of names) write(`${name}/y.tfevents`, 1, start);
    const found: string[] = [];
    for (const seconds of [15, 30, 45, 60])
      found.push(...(await large.sweep(start + seconds * 1_000)).changed.map(({ name }) => name));
    expect(found.sort()).toEqual(names);
  });

  it("is quiet where the tree is large and no file is hot", async () => {
    let clock = 0;
    const large = new FileScanner({ root, intervals: defaultScanIntervals, elapsed: () => (clock += 30) });
    write("a/x.tfevents", 1, start - hour);
    expect([(await large.sweep(start)).quiet, (await scanner.sweep(start)).quiet]).toEqual([true, false]);
    write("a/x.tfevents", 1, start + 14_000);
    expect((await large.sweep(start + 15_000)).quiet).toBe(false);
    expect((await large.sweep(start + hour)).quiet).toBe(true);
  });

  it("names the schemes it knows where it does not know one", () => {
    expect(() => openLogSource("ftp://host/logs")).toThrow(/ftp:\/\/; known are directories and file/);
  });
});

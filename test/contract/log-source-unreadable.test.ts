import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openLogSource } from "../../src/eventlog/log-sources.js";
import { lossAt } from "../support/growing-file.js";

const now = 1_700_000_000_000;
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tensorbell-unreadable-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, step: number): void {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), lossAt(step));
  utimesSync(join(root, path), now / 1_000, now / 1_000);
}

describe("files that cannot be read for a while", () => {
  it("are reported once, tried again by themselves, and read when they can be, their neighbours at once", async () => {
    write("run/b.tfevents", 2);
    // A link into itself: stat fails on it, for root too.
    symlinkSync("a.tfevents", join(root, "run/a.tfevents"));
    const source = openLogSource(root);
    const request = { root, logRun: "run", atMostBytes: 1e6, now, patience: "live" } as const;
    const first = await source.read(request);
    expect([...first.points.step]).toEqual([2]);
    expect(first.damage).toEqual([{ file: "a.tfevents", kind: "unreadable", offset: 0, detail: "ELOOP" }]);
    expect(first.lookAgainAt).toBe(now + 300_000);
    const second = await source.read({ ...request, cursor: first.cursor });
    expect(second).toMatchObject({ damage: [], bytes: 0, lookAgainAt: now + 300_000 });
    unlinkSync(join(root, "run/a.tfevents"));
    write("run/a.tfevents", 1);
    const third = await source.read({ ...request, cursor: second.cursor });
    expect([...third.points.step]).toEqual([1]);
    expect(third.lookAgainAt).toBeUndefined();
  });

  const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
  const tsx = fileURLToPath(import.meta.resolve("tsx"));
  it.skipIf(!existsSync("/bin/sh"))("are none although there are far more of them than descriptors", () => {
    for (let index = 0; index < 300; index += 1) write(`run-${index % 7}/${index}.tfevents`, index);
    const command = `ulimit -n 100 && exec "$0" --import "$1" "$2" scalars "$3" --json`;
    const { status, stdout } = spawnSync("/bin/sh", ["-c", command, process.execPath, tsx, main, root], {
      encoding: "utf8",
    });
    const { runs, errors } = JSON.parse(stdout) as { runs: Record<string, object>; errors: unknown[] };
    expect([status, Object.keys(runs).length, errors]).toEqual([0, 7, []]);
  });
});

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listDirectory } from "../../src/eventlog/file/directory.js";
import { KnownTree } from "../../src/eventlog/file/known-tree.js";

const many = 2_000;
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tensorbell-many-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function makeMany(): void {
  for (let index = 0; index < many; index += 1) mkdirSync(join(root, `run${index}`));
  for (const name of ["a.tfevents", "b.tfevents", "c.txt"]) writeFileSync(join(root, name), "");
  symlinkSync(join(root, "run1"), join(root, "link"));
  symlinkSync(root, join(root, "round"));
}

/** All of it, with the names in order: those of one call come as the disk has them. */
function listed(isLarge: boolean) {
  const listing = listDirectory({ path: root, allowedRoots: undefined, isLarge });
  let pauses = 0;
  for (;;) {
    const step = listing.next();
    if (step.done !== true) {
      pauses += 1;
      continue;
    }
    const { eventFiles, directories, problems } = step.value;
    return { pauses, eventFiles: [...eventFiles].sort(), directories: [...directories].sort(), problems };
  }
}

describe("a directory of thousands", () => {
  it("is listed with pauses as it is without", () => {
    makeMany();
    const { pauses: _few, ...whole } = listed(false);
    const { pauses: _some, ...paused } = listed(true);
    expect(paused).toEqual(whole);
    expect(whole.directories).toHaveLength(many + 1);
    expect(whole.eventFiles).toEqual(["a.tfevents", "b.tfevents"]);
  });

  it.skipIf(process.platform !== "linux")("is listed with pauses where a name is no UTF-8, too", () => {
    makeMany();
    mkdirSync(Buffer.concat([Buffer.from(`${root}/odd`), Buffer.from([0xff])]));
    const { directories } = listed(true);
    expect(directories).toEqual(listed(false).directories);
    expect(directories).toContain("odd\ufffdff");
  });

  it("is known whole after a walk, and loses what vanished in the next", () => {
    makeMany();
    const tree = new KnownTree(root, undefined);
    expect([...tree.walk(0, "all")].filter((change) => change !== "pause")).toHaveLength(1);
    expect(tree.directoryCount).toBe(many + 2);
    for (let index = 0; index < many; index += 2) rmSync(join(root, `run${index}`), { recursive: true });
    expect([...tree.walk(1, "all")].filter((change) => change !== "pause")).toHaveLength(1);
    expect(tree.directoryCount).toBe(many / 2 + 2);
  });
});

import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createWatchStore } from "../../src/app/watch-store.js";
import { MemoryWatchRegistry } from "../support/memory-watch-registry.js";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "tb-places-")));
  for (const name of ["real/run", "outside"]) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, "real/file"), "");
  symlinkSync(join(folder, "real"), join(folder, "root"));
  symlinkSync(join(folder, "outside"), join(folder, "real/out"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

it.each([
  ["below a root that is itself a link", "root/run", "real/run"],
  ["relative to the first root", "run", "real/run"],
  ["by a link that leads out", "root/out", "outside"],
  ["that is a file", "root/file", "no-directory"],
  ["that is not there", "root/nothing", "not-there"],
  ["beside the roots, there or not", "nothing", "not-there"],
])("judges a place %s", async (_which, given, taken) => {
  const ignore = (): Promise<void> => Promise.resolve();
  const store = createWatchStore({
    registry: new MemoryWatchRegistry(),
    roots: [join(folder, "root")],
    nameOf: () => undefined,
    onAdded: ignore,
    onRemoved: ignore,
  });
  const outcome = await store.add(given.includes("/") ? join(folder, given) : given, "Ada", 1);
  const found = outcome.kind === "added" ? outcome.watch.root.slice(folder.length + 1) : outcome.why;
  expect(found).toBe(taken);
});

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultScanIntervals } from "../../src/eventlog/log-source.js";
import { openLogSource } from "../../src/eventlog/log-sources.js";
import { lossAt } from "../support/growing-file.js";

const now = 1_700_000_000_000;
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tensorbell-bytes-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function at(...parts: readonly (string | readonly number[])[]): Buffer {
  const slash = Buffer.from("/");
  return Buffer.concat([
    Buffer.from(root),
    ...parts.flatMap((part) => [slash, typeof part === "string" ? Buffer.from(part) : Buffer.from(part)]),
  ]);
}

function write(directory: Buffer, name: Buffer, step: number): void {
  mkdirSync(directory, { recursive: true });
  const path = Buffer.concat([directory, Buffer.from("/"), name]);
  writeFileSync(path, lossAt(step));
  utimesSync(path, now / 1_000, now / 1_000);
}

// Only Linux and its like take any bytes as a name.
describe.skipIf(process.platform !== "linux")("directories and files whose names are no UTF-8", () => {
  it("are read, shown by their bytes, and never confused", async () => {
    const plain = Buffer.from("x.tfevents");
    write(at([0x61, 0xff]), plain, 1);
    write(at([0x61, 0xfe]), plain, 2);
    write(at([0x61, 0xfe], [0xe9]), plain, 3);
    write(at("files"), Buffer.from("782e74666576656e7473ff", "hex"), 4);
    write(at("files"), Buffer.from("782e74666576656e7473fe", "hex"), 5);
    symlinkSync(at([0x61, 0xff]), join(root, "link"));
    const source = openLogSource(root, { allowedRoots: [root] });
    const scanner = source.scanner(root, defaultScanIntervals);
    const { changed, problems } = await scanner.sweep(now);
    const steps: Record<string, readonly number[]> = {};
    for (const { name: logRun } of changed) {
      const slice = await source.read({ root, logRun, atMostBytes: 1e6, now, patience: "live" });
      steps[logRun] = [...slice.points.step];
      expect(JSON.parse(JSON.stringify(slice.cursor))).toEqual(slice.cursor);
    }
    expect(problems).toEqual([]);
    expect(steps).toEqual({
      "a\ufffdfe": [2],
      "a\ufffdfe/\ufffde9": [3],
      "a\ufffdff": [1],
      files: [5, 4],
      link: [1],
    });
    rmSync(at([0x61, 0xfe], [0xe9]), { recursive: true });
    const later = await scanner.sweep(now + 15_000);
    expect([later.changed, later.gone]).toEqual([[], ["a\ufffdfe/\ufffde9"]]);
  });

  it("are asked for the small files that say how a run ended", async () => {
    write(at([0x61, 0xff]), Buffer.from("done"), 1);
    const source = openLogSource(root, { allowedRoots: [root] });
    const wanted = (name: string): boolean => name === "done";
    const files = await source.signs?.({ root, directories: ["a\ufffdff"], wanted });
    expect(files?.map(({ name }) => name)).toEqual(["done"]);
  });
});

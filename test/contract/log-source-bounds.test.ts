import { setImmediate } from "node:timers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { maskedCrc32c } from "../../src/eventlog/crc32c.js";
import { hparamBounds } from "../../src/eventlog/hparams.js";
import type { ReadRequest } from "../../src/eventlog/log-source.js";
import { framed, framedField, scalarRecord } from "../../src/eventlog/event-records.js";
import { tagBounds } from "../../src/eventlog/tag-table.js";
import { FollowedRun, lossAt, lossesOf } from "../support/growing-file.js";
import { hparamsRecord } from "../support/hparams-record.js";
import { logPlaces } from "../support/log-places.js";

const megabyte = 1024 * 1024;

function scalarOf(tag: string): Buffer {
  return scalarRecord({ wallTime: 1_700_000_000, step: 1, tag, value: 1, style: "tf1" });
}

/** A header that is right, of a record that never comes. */
function headerOf(length: number): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt32LE(length, 0);
  header.writeUInt32LE(maskedCrc32c(header, 0, 8), 8);
  return header;
}

describe.each(["file", "s3", "gs"] as const)("a log run beyond the bounds at %s://", (scheme) => {
  let run: FollowedRun;
  beforeEach(async () => {
    run = new FollowedRun(await logPlaces[scheme]());
  });
  afterEach(() => run.dispose());

  it("keeps 20,000 tags of a log run, and says once that there are more", async () => {
    const tags = Array.from({ length: tagBounds.tags + 5 }, (_, index) => scalarOf(`tag ${index}`));
    run.append(Buffer.concat(tags));
    const first = await run.read();
    expect([first.steps.length, first.damage]).toEqual([tagBounds.tags, ["bound@0"]]);
    run.append(Buffer.concat([scalarOf("one more"), scalarOf("tag 7")]));
    expect(await run.read()).toMatchObject({ steps: [1], damage: [] });
  });

  it("lists 100 damaged places of a file, and reads on behind all of them", async () => {
    const broken = lossAt(1);
    broken[30] = (broken[30] ?? 0) ^ 4;
    run.append(Buffer.concat([...Array.from({ length: 150 }, () => broken), lossAt(2)]));
    run.wait(3_600_000);
    const { steps, damage } = await run.read();
    expect([steps, damage.length, damage.at(-1)]).toEqual([[2], 100, `corrupt-record@${99 * broken.length}`]);
  });

  it("takes no memory for what a length promises", async () => {
    for (const [index, length] of [2 ** 31 - 1, 2 ** 30, 65 * megabyte, 2 * megabyte].entries())
      run.append(Buffer.concat([lossAt(index), headerOf(length), lossAt(9)]), `${index}.tfevents`);
    await run.read();
    const before = process.memoryUsage.rss();
    for (let again = 0; again < 5; again += 1) {
      for (let index = 0; index < 4; index += 1) run.append(lossAt(9), `${index}.tfevents`);
      expect(await run.read()).toMatchObject({ steps: [], damage: [] });
    }
    expect((process.memoryUsage.rss() - before) / megabyte).toBeLessThan(64);
  });
});

describe("a large log run in a directory", () => {
  let run: FollowedRun;
  beforeEach(async () => {
    run = new FollowedRun(await logPlaces.file());
  });
  afterEach(() => run.dispose());

  it("lets the event loop turn after every piece of a mebibyte at most", async () => {
    const piece = lossesOf(1, 20_000);
    const pieces = Math.ceil((16 * megabyte) / piece.length);
    run.write(Buffer.concat(Array.from({ length: pieces }, () => piece)));
    let turns = 0;
    let isReading = true;
    const turn = (): void => {
      turns += 1;
      if (isReading) setImmediate(turn);
    };
    setImmediate(turn);
    const { steps } = await run.read();
    isReading = false;
    expect(steps).toHaveLength(pieces * 20_000);
    expect(turns).toBeGreaterThanOrEqual(16);
  });

  it("keeps 16 MiB of tag names, and says so where there are more", async () => {
    const longest = (index: number): Buffer => scalarOf(`${index}`.padStart(tagBounds.tagBytes, "x"));
    const fit = tagBounds.bytes / tagBounds.tagBytes;
    const tooMany = Array.from({ length: fit + 1 }, (_, index) => longest(index + 1));
    run.append(Buffer.concat([scalarOf("short"), ...tooMany]));
    const { points, damage, more } = await run.place.source.read(wholeOf(run));
    const tags = [...points.tag].map((tag) => points.tags[tag]?.length);
    expect([tags.length, tags[0], more]).toEqual([fit, 5, false]);
    expect(damage).toMatchObject([
      { kind: "bound", detail: "more tags than are kept: the rest is left out" },
    ]);
  });

  it("leaves out what stands under a tag of more than 8 KiB, and says so once", async () => {
    const long = scalarOf("x".repeat(tagBounds.tagBytes + 1));
    run.append(Buffer.concat([long, long, scalarOf("x".repeat(tagBounds.tagBytes)), lossAt(7)]));
    const { points, damage, cursor } = await run.place.source.read(wholeOf(run));
    expect([...points.tag].map((tag) => points.tags[tag]?.length)).toEqual([tagBounds.tagBytes, 4]);
    const found = { kind: "bound", detail: "a tag of more than 8192 bytes: it is left out" };
    expect(damage).toMatchObject([found]);
    run.append(long);
    expect((await run.place.source.read({ ...wholeOf(run), cursor })).damage).toEqual([]);
  });

  it("keeps 20,000 histograms of one record, and says that there were more", async () => {
    const bucket = framedField(0x2a, Buffer.from("3208000000000000f03f3a08000000000000f03f", "hex"));
    const value = framedField(0x0a, Buffer.concat([framedField(0x0a, Buffer.from("h")), bucket]));
    run.append(framed(framedField(0x2a, Buffer.concat(Array.from({ length: 20_001 }, () => value)))));
    const slice = await run.place.source.read({ ...wholeOf(run), histograms: true });
    expect(slice.histograms).toHaveLength(20_000);
    const detail = "more histograms in one record than are kept: the rest is left out";
    expect(slice.damage).toMatchObject([{ kind: "bound", detail }]);
  });

  it("says once that hyper-parameters were left out or cut, and nothing where all are kept", async () => {
    const detail = "more hyper-parameters than are kept, or longer ones: the rest is left out";
    const some = Object.fromEntries(
      Array.from({ length: hparamBounds.names }, (_, index) => [`p${index}`, 1]),
    );
    run.append(hparamsRecord(some));
    const first = await run.place.source.read(wholeOf(run));
    expect(first.damage).toEqual([]);
    run.append(hparamsRecord({ ...some, more: 1 }));
    const second = await run.place.source.read({ ...wholeOf(run), cursor: first.cursor });
    expect(second.damage).toMatchObject([{ kind: "bound", detail }]);
    run.append(hparamsRecord({ ["x".repeat(hparamBounds.nameLength + 1)]: 1 }));
    const third = await run.place.source.read({ ...wholeOf(run), cursor: second.cursor });
    expect(third.damage).toEqual([]);
  });

  it("keeps 200 hyper-parameters, by the first 200 characters of their names", async () => {
    const many = Array.from({ length: 250 }, (_, index) => [`${index}${"x".repeat(300)}`, index] as const);
    run.append(hparamsRecord(Object.fromEntries(many)));
    const { hparams } = await run.place.source.read(wholeOf(run));
    const names = Object.keys(hparams ?? {});
    expect(names).toHaveLength(hparamBounds.names);
    expect(Math.max(...names.map(({ length }) => length))).toBe(hparamBounds.nameLength);
  });
});

function wholeOf({ place, logRun, now }: FollowedRun): ReadRequest {
  return { root: place.root, logRun, atMostBytes: 1e9, now, patience: "dump" };
}

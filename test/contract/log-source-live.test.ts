import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { framed } from "../support/event-writer.js";
import { FollowedRun, lossAt, lossesOf } from "../support/growing-file.js";
import { logPlaces } from "../support/log-places.js";

const size = lossAt(1).length;

/** A record whose payload has one bit turned. */
function brokenAt(step: number): Buffer {
  const record = lossAt(step);
  record[30] = (record[30] ?? 0) ^ 4;
  return record;
}

/** Bytes that are no header. */
const noHeader = Buffer.from("this is no header of any record");

describe.each(["file", "s3", "gs"] as const)("following a log run at %s://", (scheme) => {
  let run: FollowedRun;
  beforeEach(async () => {
    run = new FollowedRun(await logPlaces[scheme]());
  });
  afterEach(() => run.dispose());

  it("waits for the other half of a record without a word", async () => {
    run.append(lossAt(1));
    run.append(lossAt(2).subarray(0, 20));
    expect(await run.read()).toMatchObject({ steps: [1], damage: [] });
    run.wait(3_600_000);
    expect(await run.read()).toMatchObject({ steps: [], damage: [] });
    run.append(lossAt(2).subarray(20));
    expect(await run.read()).toMatchObject({ steps: [2], damage: [] });
  });

  it("reads only what is new from a longer copy renamed over the file", async () => {
    run.append(lossesOf(1, 3));
    await run.read();
    run.wait(1_000);
    run.replace(lossesOf(1, 5));
    expect(await run.read()).toMatchObject({ steps: [4, 5], replaced: [], damage: [] });
  });

  it("reads a file afresh, with one notice, after it was cut and written shorter", async () => {
    run.append(lossesOf(1, 5));
    await run.read();
    run.wait(1_000);
    run.write(lossesOf(11, 12));
    expect(await run.read()).toMatchObject({
      steps: [11, 12],
      replaced: ["events.out.tfevents.1"],
      damage: [`replaced@${5 * size}`],
    });
    expect(await run.read()).toMatchObject({ steps: [], replaced: [], damage: [] });
  });

  it("reads a file afresh after it was written anew longer, with records of the same size", async () => {
    run.append(lossesOf(1, 3));
    await run.read();
    run.wait(1_000);
    run.write(lossesOf(11, 18));
    const { steps, replaced } = await run.read();
    expect(steps).toEqual([11, 12, 13, 14, 15, 16, 17, 18]);
    expect(replaced).toHaveLength(1);
  });

  it("waits behind zeros and reads the records that overwrite them", async () => {
    run.append(lossAt(1));
    run.append(Buffer.alloc(2 * size));
    expect(await run.read()).toMatchObject({ steps: [1], damage: [], lookAgainInMs: 30_000 });
    run.wait(5_000);
    run.write(lossesOf(1, 3));
    expect(await run.read()).toMatchObject({ steps: [2, 3], damage: [], replaced: [] });
  });

  it("reports zeros once when they stay, and still reads what fills them later", async () => {
    run.append(Buffer.concat([lossAt(1), Buffer.alloc(2 * size)]));
    await run.read();
    run.wait(31_000);
    expect((await run.read()).damage).toEqual([`zeros@${size}`]);
    run.wait(31_000);
    expect(await run.read()).toMatchObject({ damage: [], lookAgainInMs: Number.NaN });
    run.write(lossesOf(1, 3));
    expect((await run.read()).steps).toEqual([2, 3]);
  });

  it("loses no record behind a hole that is filled later", async () => {
    run.append(Buffer.concat([lossAt(1), Buffer.alloc(size), lossAt(3)]));
    expect((await run.read()).steps).toEqual([1]);
    run.wait(40_000);
    await run.read();
    run.write(lossesOf(1, 4));
    expect((await run.read()).steps).toEqual([2, 3, 4]);
  });

  it("takes a payload that heals in time", async () => {
    run.append(Buffer.concat([lossAt(1), brokenAt(2), lossAt(3)]));
    expect(await run.read()).toMatchObject({ steps: [1], damage: [], lookAgainInMs: 30_000 });
    run.wait(29_000);
    run.write(lossesOf(1, 3));
    expect(await run.read()).toMatchObject({ steps: [2, 3], damage: [], replaced: [] });
  });

  it("gives a payload up after 30 s, reports it once and reads on", async () => {
    run.append(Buffer.concat([lossAt(1), brokenAt(2), lossAt(3), brokenAt(4), lossAt(5)]));
    await run.read();
    run.wait(29_999);
    expect((await run.read()).steps).toEqual([]);
    run.wait(1);
    expect(await run.read()).toMatchObject({
      steps: [3, 5],
      damage: [`corrupt-record@${size}`, `corrupt-record@${3 * size}`],
    });
    expect(await run.read()).toMatchObject({ steps: [], damage: [] });
  });

  it("does not wait for damage in a file that has been quiet for long", async () => {
    run.append(Buffer.concat([lossAt(1), brokenAt(2), lossAt(3)]));
    run.wait(120_000);
    expect(await run.read()).toMatchObject({ steps: [1, 3], damage: [`corrupt-record@${size}`] });
  });

  it("stops one file at a bad length, reports it once and goes on with the others", async () => {
    run.append(Buffer.concat([lossAt(1), noHeader]), "events.out.tfevents.1");
    run.append(lossAt(2), "events.out.tfevents.2");
    expect(await run.read()).toMatchObject({ steps: [1, 2], damage: [] });
    run.wait(30_000);
    expect((await run.read()).damage).toEqual([`corrupt-length@${size}`]);
    run.append(lossAt(3), "events.out.tfevents.2");
    expect(await run.read()).toMatchObject({ steps: [3], damage: [] });
    run.append(lossAt(4), "events.out.tfevents.1");
    expect(await run.read()).toMatchObject({ steps: [], damage: [] });
  });

  it("tries a stopped file again when it changes", async () => {
    run.append(Buffer.concat([lossAt(1), noHeader]));
    await run.read();
    run.wait(30_000);
    await run.read();
    run.wait(1_000);
    run.write(lossesOf(1, 3));
    expect((await run.read()).steps).toEqual([2, 3]);
  });

  it("stops at a length beyond 2^31-1 at once, because its sum is right", async () => {
    const header = framed(Buffer.alloc(0)).subarray(0, 12);
    header.writeUInt32LE(0x8000_0000, 0);
    const { maskedCrc32c } = await import("../../src/eventlog/crc32c.js");
    header.writeUInt32LE(maskedCrc32c(header, 0, 8), 8);
    run.append(Buffer.concat([lossAt(1), header, lossAt(2)]));
    expect(await run.read()).toMatchObject({ steps: [1], damage: [`oversize-record@${size}`] });
    run.wait(1_000);
    run.append(lossAt(3));
    expect(await run.read()).toMatchObject({ steps: [], damage: [] });
  });

  it("sees an older file grow after a newer one exists", async () => {
    run.append(lossAt(1), "events.out.tfevents.1");
    run.append(lossAt(2), "events.out.tfevents.2");
    await run.read();
    run.wait(1_000);
    run.append(lossAt(3), "events.out.tfevents.1");
    expect((await run.read()).steps).toEqual([3]);
  });

  it("says once that two files grow at once under one tag", async () => {
    run.append(lossAt(1), "events.out.tfevents.1");
    run.append(lossAt(2), "events.out.tfevents.2");
    expect((await run.read()).damage).toEqual([]);
    run.append(lossAt(3), "events.out.tfevents.1");
    run.append(lossAt(3), "events.out.tfevents.2");
    expect(await run.read()).toMatchObject({ steps: [3, 3], damage: ["two-writers@0"] });
    run.append(lossAt(4), "events.out.tfevents.1");
    run.append(lossAt(4), "events.out.tfevents.2");
    expect(await run.read()).toMatchObject({ steps: [4, 4], damage: [] });
  });

  it("reads a file that was deleted and made again", async () => {
    run.append(lossesOf(1, 2), "events.out.tfevents.1");
    run.append(lossAt(3), "events.out.tfevents.2");
    await run.read();
    run.remove("events.out.tfevents.1");
    run.wait(1_000);
    await run.read();
    run.append(lossesOf(7, 8), "events.out.tfevents.1");
    expect((await run.read()).steps).toEqual([7, 8]);
  });

  it("knows a tag by its first value in a former process", async () => {
    const bare = Buffer.from("2a120a100a046c6f73734208080122040000003f", "hex");
    run.append(Buffer.concat([framed(bare), lossAt(1)]));
    expect((await run.read()).steps).toEqual([1]);
    run.wait(1_000);
    run.append(framed(bare));
    expect((await run.read()).steps).toEqual([0]);
  });

  it("keeps to its budget and says that there is more", async () => {
    run.write(lossesOf(1, 40_000));
    const { source, root } = run.place;
    const request = { root, logRun: "run", atMostBytes: 1, now: run.now, patience: "live" } as const;
    const first = await source.read(request);
    expect(first.more).toBe(true);
    expect(first.bytes).toBeLessThanOrEqual(64 * 1024);
    const second = await source.read({ ...request, atMostBytes: 1e8, cursor: first.cursor });
    expect(first.points.length + second.points.length).toBe(40_000);
    expect(second.more).toBe(false);
  });

  it("reads two thousand files one after another", async () => {
    for (let index = 0; index < 2_000; index += 1) run.append(lossAt(index), `events.out.tfevents.${index}`);
    expect((await run.read()).steps).toHaveLength(2_000);
  });

  it("refuses a log run outside its root", async () => {
    const { source, root } = run.place;
    const request = { root, logRun: "../elsewhere", atMostBytes: 1, now: 0, patience: "dump" } as const;
    await expect(source.read(request)).rejects.toThrow(RangeError);
  });
});

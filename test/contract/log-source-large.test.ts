import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { framedField } from "../../src/eventlog/event-records.js";
import { framed } from "../support/event-writer.js";
import { FollowedRun, lossAt } from "../support/growing-file.js";
import { logPlaces } from "../support/log-places.js";

const megabytes = (count: number): Buffer => Buffer.alloc(count * 1024 * 1024, 7);
const metadataOf = (plugin: string): Buffer =>
  framedField(0x4a, framedField(0x0a, framedField(0x0a, Buffer.from(plugin))));

function valueRecord(...fields: Buffer[]): Buffer {
  return framed(framedField(0x2a, framedField(0x0a, Buffer.concat(fields))));
}

/** Turns a bit in the middle, where only the data checksum can tell. */
function damaged(record: Buffer): Buffer {
  const at = Math.floor(record.length / 2);
  record[at] = (record[at] ?? 0) ^ 1;
  return record;
}

describe.each(["file", "s3", "gs"] as const)("records that do not fit one piece, at %s://", (scheme) => {
  let run: FollowedRun;
  beforeEach(async () => {
    run = new FollowedRun(await logPlaces[scheme]());
  });
  afterEach(() => run.dispose());

  it.each([
    { why: "a graph", record: framed(framedField(0x22, megabytes(2))) },
    {
      why: "an image",
      record: valueRecord(framedField(0x0a, Buffer.from("x")), framedField(0x22, megabytes(2))),
    },
    {
      why: "a tensor of strings with its metadata behind it",
      record: valueRecord(
        framedField(0x0a, Buffer.from("x")),
        framedField(0x42, Buffer.concat([Buffer.from([8, 7, 0x12, 0]), framedField(0x42, megabytes(2))])),
        metadataOf("images"),
      ),
    },
  ])("skips $why by its length, damaged or not", async ({ record }) => {
    run.append(Buffer.concat([lossAt(1), damaged(record), lossAt(2)]));
    run.wait(120_000);
    expect(await run.read()).toMatchObject({ steps: [1, 2], damage: [] });
  });

  it("passes over blobs of 100 KB wherever pieces end, damaged or not", async () => {
    const picture = framedField(0x22, Buffer.alloc(100_000, 7));
    const images = Array.from({ length: 40 }, (_, index) => [
      damaged(valueRecord(framedField(0x0a, Buffer.from(`image ${index}`)), picture, metadataOf("images"))),
      lossAt(index),
    ]);
    run.append(Buffer.concat(images.flat()));
    run.wait(120_000);
    expect(await run.read()).toMatchObject({ steps: images.map((_, index) => index), damage: [] });
  });

  it("checks the data of smaller blobs, and of scalars however many stand in a record", async () => {
    const image = valueRecord(framedField(0x0a, Buffer.from("x")), framedField(0x22, Buffer.alloc(60_000)));
    const value = framedField(0x0a, Buffer.from("0a046c6f737315000000bf", "hex"));
    const wide = framed(framedField(0x2a, Buffer.concat(Array.from({ length: 8_000 }, () => value))));
    run.append(Buffer.concat([damaged(image), lossAt(1), damaged(wide), lossAt(2)]));
    run.wait(120_000);
    expect(await run.read()).toMatchObject({
      steps: [1, 2],
      damage: ["corrupt-record@0", `corrupt-record@${image.length + lossAt(1).length}`],
    });
  });

  it("waits for the rest of a blob of 100 KB", async () => {
    const image = valueRecord(framedField(0x0a, Buffer.from("x")), framedField(0x22, Buffer.alloc(100_000)));
    run.append(Buffer.concat([lossAt(1), image.subarray(0, -1)]));
    expect(await run.read()).toMatchObject({ steps: [1], damage: [] });
    run.append(Buffer.concat([image.subarray(-1), lossAt(2)]));
    expect(await run.read()).toMatchObject({ steps: [2], damage: [] });
  });

  it("settles a tag by a skipped payload's kind", async () => {
    const image = valueRecord(framedField(0x0a, Buffer.from("loss")), framedField(0x22, megabytes(2)));
    run.append(Buffer.concat([image, lossAt(1)]));
    expect((await run.read()).steps).toEqual([]);
  });

  it("reads scalars out of a large record, and checks its data", async () => {
    const value = framedField(0x0a, Buffer.from("0a046c6f737315000000bf", "hex"));
    const image = framedField(0x0a, framedField(0x22, megabytes(3)));
    const record = framed(framedField(0x2a, Buffer.concat([value, image])));
    run.append(Buffer.concat([record, lossAt(1)]));
    expect((await run.read()).steps).toEqual([0, 1]);
    run.append(Buffer.concat([damaged(record), lossAt(2)]));
    run.wait(120_000);
    expect(await run.read()).toMatchObject({
      steps: [2],
      damage: [`corrupt-record@${record.length + lossAt(1).length}`],
    });
  });

  it("skips what is over 64 MiB and no plain blob, with a diagnostic, and goes on", async () => {
    const header = framed(megabytes(1)).subarray(0, 12);
    header.writeUInt32LE(65 * 1024 * 1024, 0);
    const { maskedCrc32c } = await import("../../src/eventlog/crc32c.js");
    header.writeUInt32LE(maskedCrc32c(header, 0, 8), 8);
    run.append(Buffer.concat([lossAt(1), header]));
    run.truncate(lossAt(1).length + 16 + 65 * 1024 * 1024);
    run.append(lossAt(2));
    run.wait(120_000);
    expect(await run.read()).toMatchObject({ steps: [1, 2], damage: [`bound@${lossAt(1).length}`] });
  });

  it("waits for the rest of a large record and takes no memory for it before", async () => {
    const record = framed(framedField(0x22, megabytes(4)));
    run.append(Buffer.concat([lossAt(1), record.subarray(0, 2_000_000)]));
    expect(await run.read()).toMatchObject({ steps: [1], damage: [] });
    run.append(Buffer.concat([record.subarray(2_000_000), lossAt(2)]));
    expect((await run.read()).steps).toEqual([2]);
  });
});

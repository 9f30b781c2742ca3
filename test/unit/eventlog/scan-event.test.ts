import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeEvent } from "../../../src/eventlog/decode-event.js";
import { RecordSink } from "../../../src/eventlog/record-sink.js";
import { scanEvent } from "../../../src/eventlog/scan-event.js";
import { TagTable } from "../../../src/eventlog/tag-table.js";
import { WireBytes } from "../../../src/eventlog/wire.js";
import { conformanceCases } from "../../support/conformance.js";

const payloads = conformanceCases().flatMap(({ files }) => [...files.values()].flatMap(payloadsOf));

describe("the scanner of plain records", () => {
  it("agrees with protobufjs on every record of the conformance cases", () => {
    let scannedRecords = 0;
    for (const payload of payloads) scannedRecords += expectAgreement(payload) ? 1 : 0;
    expect(scannedRecords / payloads.length).toBeGreaterThan(0.8);
  });

  it("agrees on records with some bytes changed", () => {
    const mutated = fc
      .tuple(
        fc.constantFrom(...payloads.filter(({ length }) => length < 400)),
        fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 }),
      )
      .map(([payload, changes]) => {
        const bytes = Buffer.from(payload);
        for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
        return bytes;
      });
    fc.assert(
      fc.property(mutated, (bytes) => {
        expectAgreement(bytes);
      }),
      { numRuns: 5_000 },
    );
  });

  it("agrees on events put together from legal fields in any order", () => {
    fc.assert(
      fc.property(event, (bytes) => {
        expectAgreement(bytes);
      }),
      { numRuns: 5_000 },
    );
  });
});

const short = fc.uint8Array({ maxLength: 5 });
const varint = fc.oneof(
  fc.integer({ min: 0, max: 127 }).map((value) => [value]),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(varintOf),
  fc.constant([0x81, 0x80, 0x00]),
);
const number = (key: number) => varint.map((value) => Buffer.from([key, ...value]));
const fixed = (key: number, length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((value) => Buffer.from([key, ...value]));
const block = (key: number, content: fc.Arbitrary<Uint8Array>) =>
  content.map((bytes) => Buffer.concat([Buffer.from([key, ...varintOf(BigInt(bytes.length))]), bytes]));
const message = (...fields: fc.Arbitrary<Buffer>[]) =>
  fc.array(fc.oneof(...fields), { maxLength: 5 }).map((parts) => Buffer.concat(parts));
const text = fc
  .constantFrom("a", "b", "loss", "scalars", "histograms", "images", "hparams", "τ")
  .map((name) => Buffer.from(name));

const shape = message(block(0x12, message(number(0x08), block(0x12, text))), number(0x18));
const tensor = message(
  fc.constantFrom(1, 2, 3, 7, 9, 10, 14, 19).map((type) => Buffer.from([0x08, type])),
  block(0x12, shape),
  block(
    0x22,
    fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.uint8Array({ minLength: 8, maxLength: 8 }),
      short,
    ),
  ),
  fixed(0x2d, 4),
  block(0x2a, fc.uint8Array({ minLength: 4, maxLength: 8 })),
  fixed(0x31, 8),
  block(
    0x3a,
    varint.map((bytes) => Uint8Array.from(bytes)),
  ),
  block(0x42, text),
);
const double = fc.oneof(fc.double(), fc.constantFrom(0, -0, 1, Number.NaN, Infinity, -1)).map((number_) => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(number_);
  return bytes;
});
const doubles = (least: number, most: number) =>
  fc.array(double, { minLength: least, maxLength: most }).map((parts) => Buffer.concat(parts));
const histogramProto = message(
  fc
    .tuple(fc.constantFrom(0x09, 0x11, 0x19, 0x21, 0x29, 0x31, 0x39), double)
    .map(([key, bytes]) => Buffer.concat([Buffer.from([key]), bytes])),
  block(0x32, doubles(2, 2)),
  block(0x3a, doubles(2, 2)),
);
const histogramTensor = message(
  fc.constantFrom(1, 2).map((type) => Buffer.from([0x08, type])),
  fc.constantFrom(1, 2, 3).map((rows) => Buffer.from([0x12, 8, 0x12, 2, 0x08, rows, 0x12, 2, 0x08, 3])),
  block(0x22, doubles(3, 6)),
  block(0x32, doubles(3, 6)),
);
const metadata = message(
  block(0x0a, message(block(0x0a, text), block(0x12, short))),
  block(0x12, text),
  number(0x20),
);
const value = message(
  block(0x0a, text),
  block(0x0a, text),
  fixed(0x15, 4),
  block(0x22, short),
  block(0x2a, fc.oneof(short, histogramProto)),
  block(0x3a, text),
  block(0x42, fc.oneof(tensor, histogramTensor)),
  block(0x4a, metadata),
);
const event = message(
  fixed(0x09, 8),
  number(0x10),
  block(0x1a, text),
  block(0x22, short),
  block(0x2a, message(block(0x0a, value))),
  block(0x2a, message(block(0x0a, value))),
  block(0x52, short),
);

/** Whatever the scanner takes, protobufjs reads the same from; what it leaves leaves no trace. */
function expectAgreement(payload: Uint8Array): boolean {
  const scanning = new RecordSink(new TagTable(), { histograms: true });
  const isTaken = scanEvent(new WireBytes(payload), payload.length, scanning);
  if (isTaken) {
    const decoding = new RecordSink(new TagTable(), { histograms: true });
    expect(decodeEvent(payload, decoding)).toBe(true);
    expect(contentOf(scanning)).toEqual(contentOf(decoding));
  } else {
    expect(contentOf(scanning)).toEqual({ tags: {}, points: [], histograms: [] });
  }
  return isTaken;
}

function contentOf(sink: RecordSink): object {
  const { length, tags, tag, step, wallTime, value: values } = sink.points.batch(sink.tags.names);
  const points = Array.from({ length }, (_, index) => [
    tags[tag[index]!],
    step[index],
    wallTime[index],
    values[index],
  ]);
  const histograms = sink.histograms?.rows(sink.tags.names);
  return { tags: { ...sink.tags.toRecord() }, points, histograms };
}

function payloadsOf(file: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 16 <= file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    if (length > file.length - at - 16) break;
    found.push(file.subarray(at + 12, at + 12 + length));
    at += length + 16;
  }
  return found;
}

function varintOf(number_: bigint): number[] {
  const bytes: number[] = [];
  let rest = number_;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

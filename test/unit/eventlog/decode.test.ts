import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, type DecoderMemory } from "../../../src/eventlog/decode.js";
import { decodeRecords } from "../../../src/eventlog/decode-records.js";
import { byCodePoints } from "../../../src/eventlog/file/list-log-run.js";
import { RecordSink } from "../../../src/eventlog/record-sink.js";
import { TagTable } from "../../../src/eventlog/tag-table.js";
import { WireBytes } from "../../../src/eventlog/wire.js";
import { CollectedPoints } from "../../support/collected-points.js";
import { conformanceCases, type ConformanceCase, type ExpectedRuns } from "../../support/conformance.js";
import { framed, scalarRecord } from "../../support/event-writer.js";

describe.each(conformanceCases())("decoding the case $name", (example) => {
  it("gives the expected points when bytes come one by one", () => {
    const found = eachLogRun(example, (files) => {
      const sink = new RecordSink(new TagTable());
      for (const bytes of files) {
        const wire = new WireBytes(bytes);
        let start = 0;
        for (let end = 1; end <= bytes.length; end += 1) {
          const decoded = decodeRecords(wire, { start, end, holdFrom: Infinity, largest: 2 ** 31 }, sink);
          start = decoded.end;
          if (decoded.stop === "corrupt-length" || decoded.stop === "oversize") break;
        }
      }
      const collected = new CollectedPoints();
      collected.add(sink.points.batch(sink.tags.names));
      return collected;
    });
    expect(found).toEqual(example.runs);
  });

  it("gives the expected points from any pieces, with the memory stored as JSON between any two", () => {
    const anyPieces = fc.infiniteStream(fc.integer({ min: 1, max: 4_000 }));
    fc.assert(
      fc.property(anyPieces, (pieces) => {
        const found = eachLogRun(example, (files) => {
          const collected = new CollectedPoints();
          let memory = '{"tags":{}}';
          for (const bytes of files) {
            let start = 0;
            for (let end = 0; end < bytes.length;) {
              end = Math.min(bytes.length, end + Math.ceil((pieces.next().value * bytes.length) / 20_000));
              const decoded = decode(bytes.subarray(start, end), JSON.parse(memory) as DecoderMemory);
              collected.add(decoded.points);
              memory = JSON.stringify(decoded.memory);
              start += decoded.consumed;
              if (decoded.stop === "corrupt-length" || decoded.stop === "oversize") break;
            }
          }
          return collected;
        });
        expect(found).toEqual(example.runs);
      }),
      { numRuns: 3 },
    );
  });
});

describe("decoding", () => {
  const point = scalarRecord({ wallTime: 5, step: 1, tag: "loss", value: 0.5, style: "tf2" });

  it("stops at a record that goes past the bytes, and takes no byte of it", () => {
    const decoded = decode(Buffer.concat([point, point.subarray(0, 20)]));
    expect({ consumed: decoded.consumed, stop: decoded.stop, points: decoded.points.length }).toEqual({
      consumed: point.length,
      stop: "truncated",
      points: 1,
    });
  });

  it("skips a record with a wrong sum and goes on behind it", () => {
    const broken = Buffer.from(point);
    broken[20] = (broken[20] ?? 0) ^ 1;
    const decoded = decode(Buffer.concat([broken, point]));
    expect(decoded.diagnostics).toEqual([{ kind: "corrupt-record", at: 0 }]);
    expect(decoded.points.length).toBe(1);
  });

  it("takes a record whole or not at all: a good value before a bad tag does not count, nor settle its tag", () => {
    const good = Buffer.from("0a080a0161150000803f", "hex");
    const badTag = Buffer.from("0a080a01ff150000803f", "hex");
    const event = Buffer.concat([Buffer.from([0x2a, 20]), good, badTag]);
    const decoded = decode(framed(event));
    expect(decoded.diagnostics).toEqual([{ kind: "bad-proto", at: 0 }]);
    expect(decoded.points.length).toBe(0);
    expect(decoded.memory.tags).toEqual(Object.create(null));
  });

  it("leaves out points without a wall time that is a number", () => {
    const decoded = decode(scalarRecord({ wallTime: Number.NaN, step: 1, tag: "a", value: 1, style: "tf1" }));
    expect([decoded.points.length, decoded.memory.tags["a"]]).toEqual([0, "scalar"]);
  });

  it("keeps a tag named __proto__ in its memory", () => {
    const record = scalarRecord({ wallTime: 1, step: 1, tag: "__proto__", value: 1, style: "tf1" });
    const memory = JSON.parse(JSON.stringify(decode(record).memory)) as DecoderMemory;
    expect(Object.entries(decode(record, memory).memory.tags)).toEqual([["__proto__", "scalar"]]);
  });

  it("never throws, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, isFramed) => {
        const decoded = decode(isFramed ? framed(bytes) : bytes);
        expect(decoded.consumed).toBeLessThanOrEqual(bytes.length + 16);
      }),
      { numRuns: 2_000 },
    );
  });
});

function eachLogRun(
  example: ConformanceCase,
  read: (files: readonly Buffer[]) => CollectedPoints,
): ExpectedRuns {
  const byRun = new Map<string, Buffer[]>();
  for (const [path, bytes] of [...example.files].sort(([left], [right]) => byCodePoints(left, right))) {
    const slash = path.lastIndexOf("/");
    const run = slash < 0 ? "." : path.slice(0, slash);
    byRun.set(run, [...(byRun.get(run) ?? []), bytes]);
  }
  const found = [...byRun].map(([run, files]) => [run, read(files).tags()] as const);
  return new Map(found.filter(([, tags]) => tags.size > 0));
}

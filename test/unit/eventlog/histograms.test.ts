import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode } from "../../../src/eventlog/decode.js";
import { varianceOf } from "../../../src/eventlog/histogram-summary.js";
import { scalarRecord } from "../../../src/eventlog/event-records.js";
import { protoHistogram, tensorHistogram } from "../../support/histogram-records.js";

const at = { tag: "dense/kernel", step: 3, wallTime: 1_790_000_000 };
const asked = { histograms: true };

function read(record: Buffer) {
  return decode(record, undefined, asked).histograms ?? [];
}

describe("histograms", () => {
  it("are skipped unless asked for", () => {
    const record = tensorHistogram({ ...at, rows: [[-1, 1, 4]] });
    expect(decode(record).histograms).toBeUndefined();
    expect(decode(record).memory.tags).toEqual({ "dense/kernel": "histogram" });
  });

  it("are read where they are asked for, however large, and checked", () => {
    const rows = Array.from({ length: 5_000 }, (_, index) => [index, index + 1, 2] as const);
    const record = tensorHistogram({ ...at, rows });
    expect(record.length).toBeGreaterThan(100_000);
    expect(read(record)[0]?.summary.count).toBe(10_000);
    record[60_000] = (record[60_000] ?? 0) ^ 1;
    expect(decode(record, undefined, asked).diagnostics).toMatchObject([{ kind: "corrupt-record" }]);
    expect(decode(record).diagnostics).toEqual([]);
  });

  it("of TF2 tell limits and counts exactly, sums by evenly spread values", () => {
    const rows = [
      [-2, 0, 1],
      [0, 2, 1],
      [2, 4, 2],
    ] as const;
    for (const type of ["float", "double"] as const) {
      expect(read(tensorHistogram({ ...at, rows, type }))).toEqual([
        {
          ...at,
          at: 0,
          summary: { count: 4, min: -2, max: 4, sum: 6, sumSquares: 4 / 3 + 4 / 3 + 56 / 3, zeroShare: 0.5 },
        },
      ]);
    }
  });

  it("of TF1 and PyTorch tell what the writer states", () => {
    const stated = { min: -1, max: 3, num: 10, sum: 7, sumSquares: 20 };
    const record = protoHistogram({ ...at, ...stated, limits: [0, 1, 5], counts: [2, 3, 5] });
    expect(read(record)[0]?.summary).toEqual({
      count: 10,
      min: -1,
      max: 3,
      sum: 7,
      sumSquares: 20,
      zeroShare: 0.5,
    });
  });

  it("with buckets alone are told from the buckets", () => {
    const record = protoHistogram({ ...at, limits: [1, 2, 4], counts: [0, 2, 2] });
    const [found] = read(record);
    expect(found?.summary).toMatchObject({ count: 4, min: 1, max: 4, sum: 9, zeroShare: 0 });
  });

  it.each([
    ["TF1's bucket around zero", protoHistogram({ ...at, num: 6, limits: [0, 1e-12], counts: [0, 6] })],
    [
      "one bucket without width",
      tensorHistogram({
        ...at,
        rows: [
          [0, 0, 0],
          [0, 0, 6],
        ],
      }),
    ],
    ["the plugin's first version", tensorHistogram({ ...at, rows: [[-0.5, 0.5, 6]] })],
  ])("of zeros alone are zero: %s", (_, record) => {
    expect(read(record)[0]?.summary).toEqual({
      count: 6,
      min: 0,
      max: 0,
      sum: 0,
      sumSquares: 0,
      zeroShare: 1,
    });
  });

  it("with numbers that are not finite say so", () => {
    const stated = { num: 2, sum: Number.NaN, limits: [1, 2], counts: [1, 1] };
    expect(read(protoHistogram({ ...at, ...stated }))[0]?.summary.nonFinite).toBeNaN();
    const rows = [[0, Infinity, 3]] as const;
    expect(read(tensorHistogram({ ...at, rows }))[0]?.summary.nonFinite).toBe(Infinity);
  });

  it.each([
    ["nothing counted", tensorHistogram({ ...at, rows: [[0, 0, 0]] })],
    ["another shape", tensorHistogram({ ...at, rows: [[1, 2, 3]], columns: 1 })],
    ["content of another length", tensorHistogram({ ...at, rows: [[1, 2, 3]], claimed: 7 })],
    ["a vast shape", tensorHistogram({ ...at, rows: [], claimed: 2 ** 40 })],
    ["more limits than counts", protoHistogram({ ...at, limits: [1, 2], counts: [3] })],
  ])("are passed over where they are odd: %s", (_, record) => {
    const decoded = decode(record, undefined, asked);
    expect(decoded.histograms).toEqual([]);
    expect(decoded.diagnostics).toEqual([]);
  });

  it("are the same in whatever pieces they come, each after the same points", () => {
    const number = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    const row = fc.tuple(number, number, fc.nat(100));
    const record = fc.oneof(
      fc.array(row, { maxLength: 4 }).map((rows) => tensorHistogram({ ...at, rows })),
      fc.array(fc.tuple(number, fc.nat(9)), { maxLength: 4 }).map((buckets) =>
        protoHistogram({
          ...at,
          tag: "b",
          limits: buckets.map(([limit]) => limit),
          counts: buckets.map(([, count]) => count),
        }),
      ),
      number.map((value) => scalarRecord({ ...at, tag: "loss", value, style: "tf2" })),
    );
    fc.assert(
      fc.property(fc.array(record, { maxLength: 12 }), fc.nat(12), (records, cut) => {
        const whole = decode(Buffer.concat(records), undefined, asked);
        const one = decode(Buffer.concat(records.slice(0, cut)), undefined, asked);
        const other = decode(Buffer.concat(records.slice(cut)), one.memory, asked);
        const later = (other.histograms ?? []).map((found) => ({
          ...found,
          at: found.at + one.points.length,
        }));
        expect([...(one.histograms ?? []), ...later]).toEqual(whole.histograms);
      }),
    );
  });

  it("have a variance that is never below 0", () => {
    const summary = { count: 3, min: 1, max: 1, sum: 3, sumSquares: 3, zeroShare: 0 };
    expect(varianceOf({ ...summary, sumSquares: 2.9 })).toBe(0);
    expect(varianceOf({ ...summary, sumSquares: 6 })).toBe(1);
  });
});

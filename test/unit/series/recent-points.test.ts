import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteReader } from "../../../src/lib/byte-reader.js";
import { ByteWriter } from "../../../src/lib/byte-writer.js";
import { noiseBefore } from "../../../src/series/noise.js";
import { RecentPoints } from "../../../src/series/recent-points.js";
import { SortedWindow } from "../../../src/series/sorted-window.js";
import { trendOf } from "../../../src/series/trend.js";

function past(values: readonly number[]): RecentPoints {
  const recent = new RecentPoints();
  values.forEach((value, step) => recent.push(step, value));
  return recent;
}

function written(recent: RecentPoints): Uint8Array {
  const writer = new ByteWriter();
  recent.write(writer);
  return writer.finish();
}

function restored(recent: RecentPoints): RecentPoints {
  return RecentPoints.read(new ByteReader(written(recent)));
}

const statistics = (recent: RecentPoints): unknown[] => [
  ...[recent.length, recent.count, recent.start, recent.level, recent.spread, recent.noise()],
  ...Array.from({ length: recent.length }, (_, i) => [recent.calm(i), recent.smooth(i), recent.step(i)]),
];

const wave = (count: number): number[] => Array.from({ length: count }, (_, i) => 1 + ((i * 7) % 5) / 10);

describe("the statistics of a series", () => {
  test("a series that lost all its points is written as one that never had any", () => {
    const lost = past(wave(150));
    lost.dropFrom(0);
    expect(written(lost)).toEqual(written(new RecentPoints()));
    expect(written(restored(lost))).toEqual(written(lost));
  });

  test("level, spread and noise are those of the points before the newest", () => {
    const recent = past([...wave(100), 50]);
    expect(recent.level).toBe(1.2);
    expect(recent.spread).toBeCloseTo(0.148_26, 6);
    expect(recent.noise()).toBeCloseTo(noiseBefore(recent, 1) ?? NaN, 12);
  });

  test("a spike is tamed to six spreads, and a new level is believed after ten points", () => {
    const recent = past(wave(100));
    const { level, spread } = recent;
    recent.push(100, 50);
    expect(recent.calm(0)).toBeCloseTo(level + 6 * spread, 9);
    for (let step = 101; step < 112; step += 1) recent.push(step, 50);
    expect(recent.calm(0)).toBe(50);
  });

  test("the smoothed value is the mean at first, and the start is the mean of five", () => {
    const recent = past([1, 2, 3, 4, 5, 6]);
    expect([recent.smooth(0), recent.start]).toEqual([3.5, 3]);
  });

  test("go on to the bit after being written and read, whatever came before", () => {
    const value = fc.oneof(
      fc.double({ min: 0, max: 2, noNaN: true }),
      fc.constantFrom(0, -0, 1e308, -1e308, 1e6),
    );
    const moves = fc.array(fc.tuple(value, fc.integer({ min: -9, max: 60 })), { maxLength: 400 });
    fc.assert(
      fc.property(moves, fc.nat(400), (points, cut) => {
        let one = new RecentPoints();
        const other = new RecentPoints();
        points.forEach(([value, move], i) => {
          if (i === cut) one = restored(one);
          for (const recent of [one, other]) {
            if (move < 0) recent.dropFrom(i + move * 10);
            recent.push(i, value);
          }
        });
        expect(statistics(one)).toEqual(statistics(other));
      }),
      { numRuns: 200 },
    );
  });

  test("a restart leaves the statistics of the rest", () => {
    const recent = past([...wave(60), 9, 9, 9]);
    recent.dropFrom(60);
    recent.push(60, 1);
    expect(statistics(recent)).toEqual(statistics(past([...wave(60), 1])));
  });
});

describe("a sorted window", () => {
  test("knows median and median distance as sorting would", () => {
    const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 64 });
    fc.assert(
      fc.property(values, fc.double({ min: -100, max: 100, noNaN: true }), (given, centre) => {
        const window = new SortedWindow(64);
        for (const value of given) window.add(value);
        const sorted = [...given].sort((one, other) => one - other);
        const half = sorted.length >> 1;
        const upper = sorted[half] ?? NaN;
        const expected = sorted.length % 2 === 1 ? upper : upper / 2 + (sorted[half - 1] ?? NaN) / 2;
        expect(window.median()).toBeCloseTo(expected, 12);
        const distances = given.map((value) => Math.abs(value - centre)).sort((one, other) => one - other);
        expect(window.medianDistance(centre)).toBeCloseTo(distances[(given.length - 1) >> 1] ?? NaN, 12);
      }),
    );
  });
});

describe("the trend of a series", () => {
  test.each([
    ["rises", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 3.9],
    ["falls", [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], -4.1],
    ["is flat", [1, 1, 1, 1, 1, 1], 0],
    ["goes to and fro", [1, 2, 1, 2, 1, 2, 1, 2], 0.5],
  ])("%s", (_, values, z) => {
    expect(Math.abs(trendOf(past(values)) - z)).toBeLessThan(0.6);
  });
});

import { describe, expect, test } from "vitest";
import { noiseBefore } from "../../../src/series/noise.js";
import { RecentPoints, recentCapacity } from "../../../src/series/recent-points.js";
import { ByteReader } from "../../../src/lib/byte-reader.js";
import { ByteWriter } from "../../../src/lib/byte-writer.js";

function past(values: readonly number[]): RecentPoints {
  const recent = new RecentPoints();
  values.forEach((value, step) => recent.push(step, value));
  return recent;
}

const range = (count: number, value: (i: number) => number): number[] =>
  Array.from({ length: count }, (_, i) => value(i));

describe("the noise of a series", () => {
  test("is that of normal noise, whatever the slope and a few spikes", () => {
    let seed = 1;
    const uniform = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const measured = range(400, () => {
      return (
        noiseBefore(past(range(70, (i) => 50 - 0.3 * i + 0.2 * normal() + (i === 20 ? 30 : 0))), 0) ?? NaN
      );
    });
    const mean = measured.reduce((sum, value) => sum + value, 0) / measured.length;
    expect(mean).toBeGreaterThan(0.18);
    expect(mean).toBeLessThan(0.23);
  });

  test("needs eight differences before the streak", () => {
    expect(noiseBefore(past(range(8, (i) => i % 2)), 0)).toBeUndefined();
    expect(noiseBefore(past(range(9, (i) => i % 2)), 0)).toBeGreaterThan(1);
    expect(noiseBefore(past(range(9, (i) => i % 2)), 1)).toBeUndefined();
  });

  test("never falls below a thousandth of the level", () => {
    expect(noiseBefore(past(range(20, () => -5)), 0)).toBeCloseTo(0.005, 12);
    expect(noiseBefore(past(range(20, () => 0)), 0)).toBe(1e-12);
  });

  test("looks at 64 differences and no further", () => {
    const calmAtLast = range(90, (i) => (i < 25 ? (i % 2) * 100 : (i % 2) * 0.5));
    const calm = range(90, (i) => (i % 2) * 0.5);
    expect(noiseBefore(past(calmAtLast), 0)).toBe(noiseBefore(past(calm), 0));
  });
});

describe("recent points", () => {
  test("hold the newest, newest first", () => {
    const recent = past(range(300, (i) => i * 2));
    expect(recent.length).toBe(recentCapacity);
    expect([recent.step(0), recent.value(0), recent.value(129), recent.value(130)]).toEqual([
      299,
      598,
      340,
      NaN,
    ]);
  });

  test("drop what a restart takes away, and go on", () => {
    const recent = past(range(200, (i) => i));
    recent.dropFrom(150);
    recent.push(150, -1);
    expect([recent.length, recent.value(0), recent.value(1)]).toEqual([81, -1, 149]);
    recent.dropFrom(-5);
    expect(recent.length).toBe(0);
  });

  test("survive being written and read", () => {
    const recent = past([1, -0, 1e308]);
    const writer = new ByteWriter();
    recent.write(writer);
    const read = RecentPoints.read(new ByteReader(writer.finish()));
    expect([0, 1, 2, 3].map((back) => [read.step(back), read.value(back)])).toEqual(
      [0, 1, 2, 3].map((back) => [recent.step(back), recent.value(back)]),
    );
  });
});

describe("persistence", () => {
  let seed = 3;
  const uniform = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  let mean = 0.5;

  test.each([
    ["is about 0 of independent points", range(130, uniform), [0, 0.35]],
    ["is high of their running mean", range(130, () => (mean += (uniform() - mean) / 10)), [0.65, 0.95]],
    ["is 0 where nothing moves", range(130, () => 1), [0, 0]],
    ["is 0 of few points", range(20, (i) => Math.sin(i / 10)), [0, 0]],
  ])("%s", (_, values, [least = 0, most = 0]) => {
    const persistence = past(values).persistence();
    expect(persistence).toBeGreaterThanOrEqual(least);
    expect(persistence).toBeLessThanOrEqual(most);
  });
});

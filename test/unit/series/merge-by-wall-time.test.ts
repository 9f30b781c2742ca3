import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeByWallTime, mergeInParts } from "../../../src/series/merge-by-wall-time.js";

function merged(...walls: readonly (readonly number[])[]): string {
  const told: string[] = [];
  const sources = walls.map((wallTimes) => ({
    length: wallTimes.length,
    wallTime: Float64Array.from(wallTimes),
  }));
  mergeByWallTime(sources, (source, { from, to }) => {
    for (let i = from; i < to; i += 1) told.push(`${"abc"[source] ?? "?"}${walls[source]?.[i] ?? "?"}`);
  });
  return told.join(" ");
}

describe("merging by wall time", () => {
  test.each([
    ["nothing", [], ""],
    ["one source", [[3, 1, 2]], "a3 a1 a2"],
    [
      "two in turn",
      [
        [1, 3, 5],
        [2, 4, 6],
      ],
      "a1 b2 a3 b4 a5 b6",
    ],
    [
      "equals: the first source first",
      [
        [1, 2, 2],
        [1, 2],
      ],
      "a1 b1 a2 a2 b2",
    ],
    [
      "a clock that went back keeps its order",
      [
        [5, 1, 6],
        [2, 7],
      ],
      "b2 a5 a1 a6 b7",
    ],
    ["an empty source", [[], [1]], "b1"],
    ["three", [[4], [2], [3]], "b2 c3 a4"],
  ] as const)("%s", (...[, walls, expected]) => {
    expect(merged(...walls)).toBe(expected);
  });

  test("ordered sources come out ordered, every point once, each source in its order", () => {
    const source = fc.array(fc.nat(50)).map((walls) => walls.sort((one, other) => one - other));
    fc.assert(
      fc.property(fc.array(source, { maxLength: 3 }), (walls) => {
        const told = merged(...walls)
          .split(" ")
          .filter((word) => word !== "");
        const times = told.map((word) => Number(word.slice(1)));
        expect(times).toEqual([...times].sort((one, other) => one - other));
        walls.forEach((own, index) => {
          expect(
            told.filter((word) => word.startsWith("abc"[index] ?? "?")).map((word) => Number(word.slice(1))),
          ).toEqual(own);
        });
      }),
    );
  });

  test("told in parts it tells the same points in the same order, so many at a time", () => {
    const source = fc.array(fc.nat(20));
    fc.assert(
      fc.property(fc.array(source, { maxLength: 3 }), fc.integer({ min: 1, max: 7 }), (walls, atMost) => {
        const told: string[] = [];
        const sources = walls.map((own) => ({ length: own.length, wallTime: Float64Array.from(own) }));
        const part = mergeInParts(sources, (index, { from, to }) => {
          for (let i = from; i < to; i += 1) told.push(`${"abc"[index] ?? "?"}${walls[index]?.[i] ?? "?"}`);
        });
        for (let before = 0; part(atMost); before += atMost) expect(told).toHaveLength(before + atMost);
        expect(told.join(" ")).toBe(merged(...walls));
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { suggest, type Trial } from "../../../src/alerts/suggest.js";

/** `well: [0, 2]` are two healthy runs, the first of which never alarms, the second with the two most sensitive candidates. */
function trials(well: readonly number[], badly: readonly number[]): readonly Trial[] {
  const of = (ended: Trial["ended"]) => (firesUpTo: number) => ({ run: "r", ended, firesUpTo });
  return [...well.map(of("well")), ...badly.map(of("badly"))];
}

interface Case {
  readonly why: string;
  readonly well: readonly number[];
  readonly badly: readonly number[];
  readonly current?: number;
  readonly advice: string;
  readonly chosen?: number;
}

const cases: readonly Case[] = [
  {
    why: "healthy and bad lie apart: the middle between them",
    well: [0, 2, 2],
    badly: [8, 9],
    advice: "change",
    chosen: 4,
  },
  {
    why: "the present setting does as well: it stays",
    well: [0, 2, 2],
    badly: [8],
    current: 7,
    advice: "keep",
    chosen: 7,
  },
  {
    why: "the present setting disturbs",
    well: [0, 2, 2],
    badly: [8],
    current: 1,
    advice: "change",
    chosen: 4,
  },
  { why: "the present setting misses", well: [0, 2, 2], badly: [8], current: 8, advice: "change", chosen: 4 },
  {
    why: "no bad run: quiet with one step to spare",
    well: [0, 2, 4],
    badly: [],
    advice: "change",
    chosen: 5,
  },
  {
    why: "bad ones alarm everywhere: quiet with one step to spare",
    well: [1, 2, 3],
    badly: [10],
    advice: "change",
    chosen: 4,
  },
  {
    why: "healthy ones never alarm: one step before the first is missed",
    well: [0, 0, 0],
    badly: [4],
    advice: "change",
    chosen: 2,
  },
  {
    why: "one false alarm in four is not worth half of the bad",
    well: [0, 0, 0, 5],
    badly: [5, 8],
    advice: "change",
    chosen: 6,
  },
  { why: "catching costs more than it gains", well: [6, 6, 6], badly: [3], advice: "useless" },
  { why: "two healthy runs prove nothing", well: [0, 0], badly: [8], advice: "too-few" },
  { why: "no run at all", well: [], badly: [], advice: "too-few" },
];

describe("a suggestion", () => {
  test.each(cases)("$why", ({ well, badly, current, advice, chosen }) => {
    expect(suggest(trials(well, badly), 10, current)).toMatchObject({ advice, chosen });
  });

  test("counts quiet healthy and caught bad runs for each candidate", () => {
    expect(suggest(trials([0, 1, 2], [1, 3]), 3, undefined).tradeOffs).toEqual([
      { candidate: 0, quiet: 1, caught: 2 },
      { candidate: 1, quiet: 2, caught: 1 },
      { candidate: 2, quiet: 3, caught: 1 },
    ]);
  });

  test("is never worse than the present setting", () => {
    const places = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 3, maxLength: 20 });
    fc.assert(
      fc.property(places, places, fc.integer({ min: 0, max: 7 }), (well, badly, current) => {
        const { tradeOffs, chosen } = suggest(trials(well, badly), 8, current);
        const score = (place: number): number => {
          const found = tradeOffs[place]!;
          return found.caught / badly.length - 2 * (1 - found.quiet / well.length);
        };
        if (chosen !== undefined) expect(score(chosen)).toBeGreaterThanOrEqual(score(current) - 1e-9);
      }),
    );
  });
});

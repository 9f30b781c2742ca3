import { describe, expect, it } from "vitest";
import { SweepPace } from "../../../src/eventlog/file/sweep-pace.js";

const start = 1_700_000_000_000;
const pace = (): SweepPace => new SweepPace(15_000, "looking at all files", "they are looked at");

describe("the pace of a sweep", () => {
  it("is its interval while a sweep takes up to a fifth of it, and so much longer beyond", () => {
    const rows = [
      [27, 15_000],
      [3_000, 15_000],
      [3_001, 15_005],
      [12_000, 60_000],
    ] as const;
    for (const [tookMs, everyMs] of rows) {
      const of = pace();
      of.took(start, tookMs);
      expect([tookMs, of.isDue(start + everyMs - 800), of.isDue(start + everyMs)]).toEqual([
        tookMs,
        false,
        true,
      ]);
    }
  });

  it("does not put a sweep off to the next timer because this one is a little early", () => {
    const of = pace();
    of.took(start, 27);
    expect(of.isDue(start + 14_800)).toBe(true);
    const every = new SweepPace(1_000, "", "");
    every.took(start, 1);
    expect([every.isDue(start + 899), every.isDue(start + 950)]).toEqual([false, true]);
  });

  it("tells a slow share once, and again only after it was quick for ten minutes", () => {
    const of = pace();
    const told: (string | undefined)[] = [];
    const took = (at: number, tookMs: number): void => {
      of.took(start + at, tookMs);
      told.push(of.takeProblem());
    };
    took(0, 6_000);
    took(30_000, 9_000);
    took(60_000, 20);
    took(90_000, 6_000);
    expect(told).toEqual([
      "looking at all files took 6000 ms: the share is slow, so they are looked at every 30 s",
      undefined,
      undefined,
      undefined,
    ]);
    expect([of.isSlow(start + 689_000), of.isSlow(start + 691_000)]).toEqual([true, false]);
    took(700_000, 20);
    took(715_000, 6_000);
    expect(told.at(-1)).toContain("the share is slow");
  });
});

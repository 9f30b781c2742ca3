import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createPace } from "../../../src/lib/pace.js";

const limits = { burst: 4, everyMs: 1_000, patienceMs: 1_200 };

describe("the pace of a channel", () => {
  it("lets a short burst go at once, then one a second, then asks for a pause", () => {
    const pace = createPace(limits);
    const turns = Array.from({ length: 7 }, () => pace.turn("C1", 10_000));
    expect(turns).toEqual([
      { kind: "go", waitMs: 0 },
      { kind: "go", waitMs: 0 },
      { kind: "go", waitMs: 0 },
      { kind: "go", waitMs: 0 },
      { kind: "go", waitMs: 1_000 },
      { kind: "full", afterMs: 2_000 },
      { kind: "full", afterMs: 2_000 },
    ]);
    expect(pace.turn("C2", 10_000)).toEqual({ kind: "go", waitMs: 0 });
    expect(pace.turn("C1", 20_000)).toEqual({ kind: "go", waitMs: 0 });
  });

  it("is held where the platform said so, for that key alone", () => {
    const pace = createPace(limits);
    pace.hold("C1", 15_000);
    expect(pace.turn("C1", 10_000)).toEqual({ kind: "full", afterMs: 5_000 });
    expect(pace.turn("C2", 10_000)).toEqual({ kind: "go", waitMs: 0 });
    expect(pace.turn("C1", 14_000)).toEqual({ kind: "go", waitMs: 1_000 });
  });

  it("never lets more go in any time than the burst and one a second", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3_000), { maxLength: 100 }), (gaps) => {
        const pace = createPace(limits);
        let now = 0;
        const sent: number[] = [];
        for (const gap of gaps) {
          now += gap;
          const turn = pace.turn("C1", now);
          if (turn.kind === "go") sent.push(now + turn.waitMs);
        }
        for (const [first, from] of sent.entries()) {
          const last = sent.length - 1;
          expect(last - first + 1).toBeLessThanOrEqual(
            limits.burst + Math.ceil(((sent[last] ?? 0) - from) / limits.everyMs),
          );
        }
      }),
    );
  });
});

import { describe, expect, it } from "vitest";

import { createRecent } from "../../../src/lib/recent.js";

describe("what came before", () => {
  it("is known for its span, and forgotten after it", () => {
    const recent = createRecent(1_000);
    expect(recent.first("a", 0)).toBe(true);
    expect(recent.first("a", 1_000)).toBe(false);
    expect(recent.first("a", 1_001)).toBe(true);
  });

  it("is bounded: the oldest goes first", () => {
    const recent = createRecent(1_000_000, 3);
    for (const id of ["a", "b", "c", "d", "e"]) recent.first(id, 0);
    expect(recent.first("e", 0)).toBe(false);
    expect(recent.first("a", 0)).toBe(true);
  });
});

import { readFileSync } from "node:fs";
import { expect } from "vitest";

/** One thing that is asked for, and the tests that hold it: a file below `test`, and words of a test's name there. */
export interface ChecklistItem {
  readonly what: string;
  readonly by: readonly (readonly [file: string, name: string])[];
}

/** Whether the tests that are said to hold it are there. */
export function expectHeld({ by }: ChecklistItem): void {
  expect(by.length).toBeGreaterThan(0);
  for (const [file, name] of by)
    expect(readFileSync(new URL(`../${file}`, import.meta.url), "utf8")).toContain(name);
}

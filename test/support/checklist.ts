import { readFileSync } from "node:fs";
import { expect } from "vitest";

/** One thing that is asked for, and the tests that hold it: a file below `test`, and words of a test's name there. */
export interface ChecklistItem {
  readonly what: string;
  readonly by: readonly (readonly [file: string, name: string])[];
}

/** Whether the tests that are said to hold it are there, by their titles. */
export function expectHeld({ by }: ChecklistItem): void {
  expect(by.length).toBeGreaterThan(0);
  for (const [file, name] of by) expect(titlesIn(file).join("\n")).toContain(name);
}

/** Of tests, of groups of them, of the cases of a suite that is run for many; and rows, where each is a test. */
function titlesIn(file: string): readonly string[] {
  const source = readFileSync(new URL(`../${file}`, import.meta.url), "utf8");
  const titles = source.matchAll(/(?:\b(?:it|describe)|\))\(\s*(["`])(.*?)\1,/g);
  const cases = source.matchAll(/^ {2}"(.*?)": \{$/gm);
  const rows = source.matchAll(/^ +(\[\n? *\S.*)$/gm);
  return [
    ...[...titles].map(([, , title]) => title ?? ""),
    ...[...cases, ...rows].map(([, title]) => title ?? ""),
  ];
}

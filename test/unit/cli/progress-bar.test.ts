import { describe, expect, it } from "vitest";
import { ProgressBar } from "../../../src/cli/progress-bar.js";

function watch(isTTY: boolean) {
  const written: string[] = [];
  let now = 5_000;
  const screen = { isTTY, write: (text: string) => written.push(text) };
  const bar = new ProgressBar(4, screen, () => now);
  const advanceAt = (ms: number): void => {
    now = 5_000 + ms;
    bar.advance();
  };
  return { bar, written, advanceAt };
}

describe("the progress bar", () => {
  it("shows nothing for work of up to a second, and leaves nothing behind", () => {
    const { bar, written, advanceAt } = watch(true);
    for (const ms of [10, 500, 999]) advanceAt(ms);
    bar.end();
    expect(written).toEqual([]);
  });

  it("shows how far longer work is, ten times a second at most, and wipes itself away", () => {
    const { bar, written, advanceAt } = watch(true);
    for (const ms of [900, 1_000, 1_050, 1_100]) advanceAt(ms);
    bar.end();
    expect(written).toEqual([
      `\r[${"#".repeat(15)}${".".repeat(15)}] 2/4`,
      `\r[${"#".repeat(30)}] 4/4`,
      "\r\u001b[K",
    ]);
  });

  it("is silent where nobody watches", () => {
    const { bar, written, advanceAt } = watch(false);
    advanceAt(60_000);
    bar.end();
    expect(written).toEqual([]);
  });
});

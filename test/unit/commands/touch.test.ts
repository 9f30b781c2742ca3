import { describe, expect, it } from "vitest";
import { touchesOf } from "../../../src/commands/touch.js";
import { parseLine } from "../../../src/commands/grammar.js";
import { type Run, runIdOf, watchIdOf } from "../../../src/series/run.js";

const watch = watchIdOf("/logs");
const runOf = (name: string): Run => ({ watch, name });

describe("what one touch says about a run", () => {
  it.each([
    ["en", ["/tb status exp/run42", "/tb chart exp/run42", "/tb ack exp/run42", "/tb mute exp/run42 2h"]],
    ["zh", ["/tb 状态 exp/run42", "/tb 图 exp/run42", "/tb 确认 exp/run42", "/tb 静音 exp/run42 2小时"]],
  ] as const)("is a whole command in %s", (locale, commands) => {
    expect(touchesOf(runOf("exp/run42"), locale).map(({ command }) => command)).toEqual(commands);
  });

  it.each([
    ["a space", "my run"],
    ["quotes of both kinds", `a"b'c`],
    ["markup", "[x](dtmd://dingtalkclient/sendMessage?content=mute all)"],
    ["a rule's name", "non_finite"],
    ["the word for every run", "all"],
    ["the root directory", "."],
    ["a length that no chat shows", "x".repeat(200)],
    ["so long, encoded, that four links would take the message's room", "很长".repeat(30)],
    ["another line", "a\n/tb mute all"],
  ])("names a run by its id where its name is %s", (_why, name) => {
    const run = runOf(name);
    for (const { command } of touchesOf(run, "en")) {
      const line = parseLine(command);
      expect(line.kind === "words" ? line.words[1] : undefined).toBe(runIdOf(run));
    }
  });
});

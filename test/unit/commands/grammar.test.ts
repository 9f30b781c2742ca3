import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { longestLine, parseLine } from "../../../src/commands/grammar.js";

function wordsOf(text: string): readonly string[] {
  const line = parseLine(text);
  return line.kind === "words" ? line.words : [];
}

describe("the words of a line", () => {
  it.each([
    ["plain words", "status run42", ["status", "run42"]],
    ["the slash command itself", "/tb status run42", ["status", "run42"]],
    ["its name without the slash", "tb status run42", ["status", "run42"]],
    ["a mention as Slack sends it", "<@U012AB3CD> status", ["status"]],
    ["a mention with a name and a colon", "<@U012AB3CD|tensorbell>: status", ["status"]],
    ["a mention as people type it", "@TensorBell /tb status", ["status"]],
    ["a full-width slash and letters", "／ｔｂ ｓｔａｔｕｓ ｒｕｎ４２", ["status", "run42"]],
    ["ideographic spaces", "　状态　run42　", ["状态", "run42"]],
    [
      "spaces that do not break and spaces of no width",
      "\u00A0/tb\u2005status\u200Brun42\uFEFF",
      ["status", "run42"],
    ],
    ["full-width signs and digits", "阈值 loss ＞ ２．５", ["阈值", "loss", ">", "2.5"]],
    ["straight double quotes", 'status "my run"', ["status", "my run"]],
    ["quotes of a phone's keyboard", "status “my run”", ["status", "my run"]],
    ["quotes that autocorrection turned round", "status ”my run“", ["status", "my run"]],
    ["single smart quotes", "status ‘my run’", ["status", "my run"]],
    ["corner brackets", "状态 「my run」", ["状态", "my run"]],
    ["a quote that never closes", 'status "my run', ["status", '"my', "run"]],
    ["an apostrophe in a name", "status ann's-run 'b c'", ["status", "ann's-run", "b c"]],
    ["an empty quoted word", 'status ""', ["status", ""]],
    ["full-width forms inside quotes, which are a name", "status 「（一）」", ["status", "（一）"]],
    ["a Chinese comma after the command's word", "状态，my run", ["状态", "my", "run"]],
    ["Chinese commas after the address too", "/tb、状态：run42", ["状态", "run42"]],
    ["one after a mention", "@TensorBell，状态 run42", ["状态", "run42"]],
    ["no comma further on, which is part of a name", "状态 a，b", ["状态", "a,b"]],
    ["a third word that looks like an address", "/tb tb tb", ["tb"]],
  ])("%s", (_reason, text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it("nothing but space and an address is an empty line", () => {
    expect([" ", "", "/tb", "<@U1> /tb"].map((text) => parseLine(text).kind)).toEqual(Array(4).fill("empty"));
  });

  it("reads no line that is longer than the bound", () => {
    expect(parseLine("x".repeat(longestLine)).kind).toBe("words");
    expect(parseLine("x".repeat(longestLine + 1))).toEqual({ kind: "too-long", length: longestLine + 1 });
  });

  it("quoted words come back as they were, whatever they hold", () => {
    const word = fc.string({ maxLength: 30, unit: "binary" }).filter((text) => !/["“”]/u.test(text));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 5 }), (words) => {
        const line = `status ${words.map((text) => `"${text}"`).join(" ")}`;
        expect(wordsOf(line)).toEqual(["status", ...words]);
      }),
    );
  });
});

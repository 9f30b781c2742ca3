import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  cleanText,
  cut,
  decodeTyped,
  escapeAndCut,
  escapeText,
  oneLine,
} from "../../../../src/chat/slack/slack-text.js";

const anyText = fc.string({
  unit: fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    fc.constantFrom("<", ">", "&", "\n", "!", "@", "|", "lt;"),
  ),
  maxLength: 300,
});
const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

describe("clean text", () => {
  it.each([
    ["a line break is kept, others become one", "a\nb\r\nc\rd\u2028e\u0085f", "a\nb\nc\nd\ne\nf"],
    ["control characters become blanks", "a\u0007b\u001B[2Jc\u0000d\te", "a b [2Jc d e"],
    ["overrides of direction and hidden characters go", "a\u202Eb\u2066c\u200Bd\uFEFFe\u00ADf", "abcdef"],
    [
      "joiners that scripts and emoji need stay",
      "👨\u200D👩 \u0645\u200C\u06CC",
      "👨\u200D👩 \u0645\u200C\u06CC",
    ],
    ["half a character is replaced", "a\uD83Db", "a\uFFFDb"],
  ])("%s", (_why, given, expected) => {
    expect(cleanText(given)).toBe(expected);
  });

  it("is one line after oneLine", () => {
    fc.assert(fc.property(anyText, (text) => !oneLine(text).includes("\n")));
  });

  it("is well-formed and stays as it is when cleaned again", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
        (text) => {
          const clean = cleanText(text);
          expect(clean).not.toMatch(loneSurrogate);
          expect(cleanText(clean)).toBe(clean);
        },
      ),
    );
  });
});

describe("escaping", () => {
  it("leaves nothing that Slack reads as markup, and is undone by decoding", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(escapeText(text)).not.toMatch(/[<>]|&(?!(?:amp|lt|gt);)/);
        expect(decodeTyped(escapeText(text))).toBe(text);
      }),
    );
  });

  it("is cut inside the limit between characters and entities", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("<", ">", "&", "🎉", "漢", "a"), maxLength: 200 }),
        fc.integer({ min: 1, max: 200 }),
        (text, limit) => {
          const shown = escapeAndCut(text, limit);
          expect(shown.length).toBeLessThanOrEqual(limit);
          expect(shown).not.toMatch(loneSurrogate);
          expect(shown).not.toMatch(/[<>]|&(?!(?:amp|lt|gt);)/);
          expect(shown === escapeText(text) || shown.endsWith("…")).toBe(true);
        },
      ),
    );
  });
});

it("cuts between code points and marks the cut", () => {
  expect(cut("abc", 3)).toBe("abc");
  expect(cut("abcd", 3)).toBe("ab…");
  expect(cut("a🎉🎉", 4)).toBe("a🎉…");
  expect(cut("a🎉🎉", 3)).toBe("a…");
});

describe("what people typed", () => {
  it.each([
    ["entities", "loss &lt; 3 &amp;&amp; x &gt; 1", "loss < 3 && x > 1"],
    ["a link Slack made of a file name", "chart <http://model.pt|model.pt> loss", "chart model.pt loss"],
    ["a bare link", "see <https://example.com/a>", "see https://example.com/a"],
    ["a person", "ask <@U123ABC|ana> or <@U123ABC>", "ask @ana or @U123ABC"],
    ["a channel", "route <#C123ABC|training>", "route #training"],
    ["a call to all", "<!here> <!subteam^S1|@team>", "here @team"],
    ["plain signs", "loss <3 & 4> 2", "loss <3 & 4> 2"],
    ["an entity that was typed", "&amp;lt;", "&lt;"],
  ])("is read as they see it: %s", (_what, given, expected) => {
    expect(decodeTyped(given)).toBe(expected);
  });
});

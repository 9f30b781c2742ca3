import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainName, plainSentence } from "../../../src/message/plain-name.js";

describe("an untrusted name", () => {
  it.each([
    ["run42", 20, "run42", "nothing to do"],
    ["a\nb\r\n\tc", 20, "a b c", "line ends would fake lines"],
    ["evil\u202Egnp.exe", 20, "evil gnp.exe", "direction overrides disguise"],
    ["ze\u200Bro", 20, "ze ro", "zero-width marks hide differences"],
    ["bad\uD800end", 20, "bad end", "half of a surrogate pair breaks encoders"],
    ["<!channel> *b*", 20, "<!channel> *b*", "markup is the renderers' affair"],
    ["experiments/2026/lr0.4/run42", 15, "experim…4/run42", "both ends tell most"],
    ["训练/实验七", 4, "训练…七", "characters, not bytes"],
    ["🚀🚀🚀🚀🚀", 3, "🚀…🚀", "never half a character"],
    ["\n\u200B", 5, "?", "nothing visible is still something"],
    ["", 5, "?", "so is nothing at all"],
  ])("%j within %d is %j: %s", (name, atMost, shown) => {
    expect(plainName(name, atMost)).toBe(shown);
  });

  it("is one line within its bound, whatever it holds", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 300 }),
        fc.integer({ min: 1, max: 40 }),
        (name, atMost) => {
          for (const cut of [plainName, plainSentence]) {
            const shown = cut(name, atMost);
            expect(Array.from(shown).length).toBeLessThanOrEqual(atMost);
            expect(shown).not.toMatch(/[\p{Cc}\p{Cs}\u202e]/u);
          }
        },
      ),
    );
  });

  it("of a hundred megabytes costs no more than a bounded one", () => {
    const name = "x".repeat(100_000_000);
    expect(plainName(name, 9)).toBe("xxxx…xxxx");
  });
});

it("a sentence loses its end", () => {
  expect(plainSentence("Loss rose 5 times in a row", 12)).toBe("Loss rose 5…");
});

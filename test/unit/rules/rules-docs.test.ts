import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ruleIds, ruleOf } from "../../../src/rules/rule-registry.js";

const docs = readFileSync(new URL("../../../docs/rules.md", import.meta.url), "utf8");

const plain = z.union([z.string(), z.number(), z.boolean(), z.undefined()]);

/** The cells of the table rows of one rule's chapter. */
function rowsOf(id: string): string[][] {
  const [, chapter = ""] = docs.split(`\n## \`${id}\`\n`);
  const own = chapter.split("\n## ")[0] ?? "";
  const rows = own.split("\n").filter((line) => line.startsWith("| `"));
  return rows.map((line) => line.split("|").map((cell) => cell.trim()));
}

describe.each(ruleIds)("the page on rules explains %s", (id) => {
  test("with its sentence", () => {
    expect(docs).toContain(`\n## \`${id}\`\n\n${ruleOf(id).summary.en}`);
  });

  test("with every setting, its default and what it does", () => {
    const { settings } = ruleOf(id);
    const defaults = z.record(z.string(), plain).parse(settings.parse({}));
    const expected = Object.entries(settings.shape).map(([name, field]) => {
      const value = defaults[name];
      return [
        "",
        `\`${name}\``,
        value === undefined ? "none" : `\`${String(value)}\``,
        field.description,
        "",
      ];
    });
    expect(rowsOf(id)).toEqual(expected);
  });
});

test("it explains no rule that does not exist", () => {
  const chapters = [...docs.matchAll(/^## `(\w+)`$/gm)].map(([, id]) => id);
  expect(chapters).toEqual([...ruleIds]);
});

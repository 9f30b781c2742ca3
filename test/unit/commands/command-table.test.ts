import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Command } from "../../../src/commands/command.js";
import { commandRegistry } from "../../../src/commands/command-registry.js";
import { commandTable } from "../../../src/commands/command-table.js";
import { locales } from "../../../src/lib/locale.js";

const page = readFileSync(new URL("../../../docs/commands.md", import.meta.url), "utf8");

/** Prettier pads the cells of a table; what they say is the same. */
function unpadded(markdown: string): string {
  return markdown.replaceAll(/ +\|/g, " |").replaceAll(/\| +/g, "| ").replaceAll(/-{3,}/g, "---");
}

describe("docs/commands.md", () => {
  it.each(locales)("holds the table of the registry in %s", (locale) => {
    const table = commandTable(Object.values<Command>(commandRegistry), locale);
    expect(unpadded(page)).toContain(unpadded(table));
  });
});

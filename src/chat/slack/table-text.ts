import { cut, oneLine } from "./slack-text.js";

/** A table as aligned text of at most 100 rows and 40 places a cell; wide (East Asian) characters count double. */
export function tableAsText(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const shown = [columns, ...rows.slice(0, 100)].map((row) =>
    columns.map((_column, at) => cut(oneLine(row[at] ?? ""), 40)),
  );
  const widths = columns.map((_column, at) => Math.max(...shown.map((row) => width(row[at] ?? ""))));
  const lines = shown.map((row) =>
    row
      .map((cell, at) => cell + " ".repeat((widths[at] ?? 0) - width(cell)))
      .join("  ")
      .trimEnd(),
  );
  if (rows.length > 100) lines.push(`… +${rows.length - 100}`);
  return lines.join("\n");
}

function width(text: string): number {
  let total = 0;
  for (const character of text) total += wide.test(character) ? 2 : 1;
  return total;
}

const wide = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/u;

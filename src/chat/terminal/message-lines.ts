import type { Block, Inline, Message, Text, Tone } from "../../message/message.js";
import { displayWidth, fitted, padded, wrapped } from "./display-width.js";
import type { Ink } from "./ink.js";
import { printable, printableLines } from "./printable.js";

export interface Page {
  readonly ink: Ink;
  /** Columns to break lines at; Infinity where nobody looks at a screen. */
  readonly columns: number;
}

/** A message as lines: a mark and the headline, then the blocks, all indented by two; bounded. */
export function messageLines({ tone, headline, blocks }: Message, page: Page): readonly string[] {
  const inner = { ...page, columns: page.columns - indent.length };
  const [first = "", ...rest] = wrapped(printable(headline), inner.columns);
  const { ink } = page;
  const lines = [
    `${ink.tone(tone, marks[tone])} ${ink.strong(first)}`,
    ...rest.map((line) => indent + ink.strong(line)),
    ...blocks.flatMap((block) => blockLines(block, inner)).map((line) => indent + line),
  ];
  return lines.length > mostLines ? [...lines.slice(0, mostLines), `${indent}…`] : lines;
}

const mostLines = 300;

const indent = "  ";

/** One column each in every font that has them; what they mean is in the words too. */
const marks: Readonly<Record<Tone, string>> = { critical: "✖", warning: "▲", good: "✔", info: "•" };

function blockLines(block: Block, page: Page): readonly string[] {
  switch (block.kind) {
    case "text":
      return textLines(block.content, page);
    case "note":
      return textLines(block.content, { ...page, faint: true });
    case "facts":
      return factLines(block, page);
    case "list":
      return block.items.flatMap((item) => hanging("- ", textLines(item, narrower(page, 2))));
    case "table":
      return tableLines(block, page);
    case "preformatted":
      return printableLines(block.text).map((line) => `  ${line}`);
  }
}

/** Dress is put on after breaking, so that a line's width is that of its letters. */
function textLines(content: Text, page: Page & { readonly faint?: boolean }): readonly string[] {
  const stretches = content.map((inline) => ({ inline, text: plain(inline) }));
  const lines = wrapped(stretches.map(({ text }) => text).join(""), page.columns);
  const fits = lines.length === 1;
  if (!fits) return lines.map((line) => (page.faint === true ? page.ink.faint(line) : line));
  const line = stretches.map(({ inline, text }) => dress(inline, text, page.ink)).join("");
  return [page.faint === true ? page.ink.faint(line) : line];
}

function plain(inline: Inline): string {
  if (typeof inline === "string") return printable(inline);
  switch (inline.kind) {
    case "strong":
    case "code":
      return printable(inline.text);
    case "command":
      return printable(inline.command);
    case "link":
      return `${printable(inline.text)}: ${printable(inline.url)}`;
    case "mention":
      return `@${printable(inline.id)}`;
  }
}

function dress(inline: Inline, text: string, ink: Ink): string {
  if (typeof inline === "string") return text;
  if (inline.kind === "code") return ink.code(text);
  return inline.kind === "strong" || inline.kind === "mention" ? ink.strong(text) : text;
}

function factLines({ facts }: Extract<Block, { kind: "facts" }>, page: Page): readonly string[] {
  const labels = facts.map(({ label }) => fitted(printable(label), widestLabel));
  const width = labels.reduce((widest, label) => Math.max(widest, displayWidth(label)), 0);
  return facts.flatMap(({ value }, index) =>
    hanging(
      `${page.ink.faint(padded(labels[index] ?? "", width))}  `,
      textLines(value, narrower(page, width + 2)),
      width + 2,
    ),
  );
}

const widestLabel = 40;

function tableLines({ columns, rows }: Extract<Block, { kind: "table" }>, page: Page): readonly string[] {
  const cells = [columns, ...rows].map((row) => columns.map((_, at) => printable(row[at] ?? "")));
  const widths = columns.map((_, at) =>
    cells.reduce((widest, row) => Math.max(widest, displayWidth(row[at] ?? "")), 1),
  );
  const room = shrunk(widths, page.columns - gap * (columns.length - 1));
  return cells.map((row, at) => {
    const line = row
      .map((cell, column) => padded(fitted(cell, room[column] ?? 1), room[column] ?? 1))
      .join(" ".repeat(gap))
      .trimEnd();
    return at === 0 ? page.ink.faint(line) : line;
  });
}

const gap = 2;
const narrowest = 8;

/** Takes columns from the widest cells until the row fits; narrow ones keep theirs. */
function shrunk(widths: readonly number[], room: number): readonly number[] {
  const result = [...widths];
  let over = result.reduce((sum, width) => sum + width, 0) - room;
  while (over > 0) {
    const widest = Math.max(...result);
    if (widest <= narrowest) break;
    result[result.indexOf(widest)] = widest - 1;
    over -= 1;
  }
  return result;
}

function narrower(page: Page, by: number): Page {
  return { ...page, columns: page.columns - by };
}

function hanging(first: string, lines: readonly string[], width = displayWidth(first)): readonly string[] {
  return lines.map((line, at) => (at === 0 ? first + line : " ".repeat(width) + line));
}

import type { Block, Inline, Message, Text } from "../../message/message.js";
import { dingtalkLimits as limits } from "./dingtalk-limits.js";
import {
  byteLength,
  cleanLine,
  cleanLines,
  cutBytes,
  cutPoints,
  lineStart,
  literal,
  literalLine,
} from "./dingtalk-text.js";

/** DingTalk markdown: no tables, no code; `title` is what the chat list and the lock screen show. */
export interface RenderedMarkdown {
  readonly title: string;
  readonly text: string;
}

export interface MarkdownExtras {
  /** A media id or an address of our own making. */
  readonly picture?: string | undefined;
  /** What stands where the picture cannot be shown. */
  readonly instead?: string | undefined;
  /** The run's mark, `#tb1a2b3c`. */
  readonly tag?: string | undefined;
  /** Before the title: a custom robot's keyword. */
  readonly prefix?: string | undefined;
  /** Less room than a message has. */
  readonly room?: { readonly points: number; readonly bytes: number } | undefined;
  /** How a mention reads; left out where it cannot notify. */
  readonly mention?: ((id: string) => string) | undefined;
}

/** A message as DingTalk markdown inside every limit; what came from outside is literal text. Blocks that do not fit are counted, never half shown as markup. */
export function renderMarkdown(message: Message, extras: MarkdownExtras = {}): RenderedMarkdown {
  const headline = cleanLine(message.headline, limits.headline) || "…";
  const prefix = extras.prefix === undefined ? "" : `${literal(cleanLine(extras.prefix, 40))} · `;
  const parts = [`#### ${prefix}${literalLine(headline)}`];
  const tail = tailOf(extras);
  const whole = extras.room ?? { points: limits.text, bytes: limits.textBytes };
  const room = { points: whole.points - lengthOf(tail), bytes: whole.bytes - byteLength(tail) };
  let left = 0;
  for (const block of message.blocks) {
    const rendered = renderBlock(block, extras);
    if (rendered === "") continue;
    const candidate = [...parts, rendered].join("\n\n");
    if (left === 0 && lengthOf(candidate) + 12 <= room.points && byteLength(candidate) + 24 <= room.bytes)
      parts.push(rendered);
    else left += 1;
  }
  if (left > 0) parts.push(`… +${left}`);
  const text = [...parts, ...(tail === "" ? [] : [tail])].join("\n\n");
  return {
    title: cutPoints(prefix + literalLine(headline), limits.title),
    text: cutBytes(text, whole.bytes + 200),
  };
}

function tailOf({ picture, instead, tag }: MarkdownExtras): string {
  const lines = [
    ...(picture === undefined
      ? instead === undefined
        ? []
        : [literalLine(cleanLine(instead, limits.inline))]
      : [`![chart](${picture})`]),
    ...(tag === undefined ? [] : [`> ${tag}`]),
  ];
  return lines.join("\n\n");
}

function renderBlock(block: Block, extras: MarkdownExtras): string {
  switch (block.kind) {
    case "text":
      return paragraph(block.content, extras);
    case "note": {
      const text = paragraph(block.content, extras);
      return text === "" ? "" : `> ${text}`;
    }
    case "facts":
      return block.facts
        .slice(0, limits.listItems)
        .map(({ label, value }) => `- **${bold(cleanLine(label, 60))}** ${inlines(value, extras)}`)
        .concat(rest(block.facts.length, limits.listItems))
        .join("\n");
    case "list":
      return block.items
        .slice(0, limits.listItems)
        .map((item) => `- ${paragraph(item, extras) || "…"}`)
        .concat(rest(block.items.length, limits.listItems))
        .join("\n");
    case "table":
      return table(block);
    case "preformatted":
      return preformatted(block.text);
  }
}

/** Rows as list lines: phones draw no tables, and the dialect has none. */
function table({ columns, rows }: Block & { readonly kind: "table" }): string {
  const line = (cells: readonly string[]): string =>
    cells
      .slice(0, limits.tableColumns)
      .map((cell) => literalLine(cleanLine(cell, limits.cell)) || "–")
      .join(" · ");
  return [`**${bold(line(columns))}**`, "", ...rows.slice(0, limits.tableRows).map((row) => `- ${line(row)}`)]
    .concat(rest(rows.length, limits.tableRows))
    .join("\n");
}

/** The dialect has no code: every line is marked, so that none looks like a line of ours. */
function preformatted(text: string): string {
  return cleanLines(text, limits.inline)
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => `┆ ${literal(line).replaceAll("  ", "\u00A0 ")}`)
    .join("\n\n");
}

function paragraph(content: Text, extras: MarkdownExtras): string {
  return lineStart(inlines(content, extras));
}

function inlines(content: Text, extras: MarkdownExtras): string {
  return content
    .map((part) => inline(part, extras))
    .join("")
    .trim();
}

function inline(part: Inline, { mention }: MarkdownExtras): string {
  if (typeof part === "string") return spaced(part, literal);
  switch (part.kind) {
    case "strong": {
      const text = bold(cleanLine(part.text, limits.inline));
      return text === "" ? "" : `**${text}**`;
    }
    case "code":
      return literal(cleanLine(part.text, limits.inline));
    case "link": {
      const text = literal(cleanLine(part.text, limits.inline));
      return isWebAddress(part.url) && text !== "" ? `[${text}](${part.url})` : text;
    }
    case "command": {
      const text = literal(cleanLine(part.text, 40));
      return text === "" ? "" : `[${text}](${speakingLink(part.command)})`;
    }
    case "mention":
      return mention === undefined || !isPersonId(part.id) ? "" : mention(part.id);
  }
}

function spaced(text: string, dress: (text: string) => string): string {
  const line = cleanLine(text, limits.inline);
  if (line === "") return /\s/.test(text) ? " " : "";
  return `${/^\s/.test(text) ? " " : ""}${dress(line)}${/\s$/.test(text) ? " " : ""}`;
}

/** Text between bold marks: it may not end them. */
function bold(text: string): string {
  return literal(text).trim();
}

/** Whoever touches it says the command. Nothing but letters, digits, `.` and `-` stands unencoded, so that no name ends the link. */
function speakingLink(command: string): string {
  const content = cleanLine(command, limits.command).replaceAll(/[^A-Za-z0-9.-]/gu, (character) =>
    Array.from(
      Buffer.from(character, "utf8"),
      (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
    ).join(""),
  );
  return `dtmd://dingtalkclient/sendMessage?content=${content}`;
}

/** Only addresses that cannot end their own brackets. */
function isWebAddress(url: string): boolean {
  return url.length <= limits.url && /^https?:\/\/[^\s<>()[\]|\\"'`*]+$/.test(url) && URL.canParse(url);
}

/** A user id of DingTalk's; `all` is never one. */
export function isPersonId(id: string): boolean {
  return /^[A-Za-z0-9_.@-]{1,64}$/.test(id) && !/^@?all$/i.test(id);
}

function rest(count: number, shown: number): readonly string[] {
  return count > shown ? [`- … +${count - shown}`] : [];
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}

import type { types } from "@slack/bolt";

import type { Block, Inline, Message, Text } from "../../message/message.js";
import { plainText } from "../../message/message.js";
import { slackLimits } from "./slack-limits.js";
import { cleanText, cut, oneLine } from "./slack-text.js";
import { tableAsText } from "./table-text.js";

export type KnownBlock = types.KnownBlock;

/** How a message is dressed: `full`, or `base` with only the oldest block types, for servers and clients that refuse the newer. */
export type Dress = "full" | "base";

export interface RenderedPicture {
  readonly fileId: string;
  readonly alt: string;
}

/** A message as Block Kit, inside every limit of Slack's; what came from outside is literal text, never markup. The tone is in the headline's words and needs no dress. */
export function renderBlocks(message: Message, dress: Dress, picture?: RenderedPicture): KnownBlock[] {
  const budget: Budget = { left: slackLimits.messageText, table: dress === "full" };
  const body = [headline(message, dress, budget)];
  for (const block of message.blocks) {
    const rendered = renderBlock(block, dress, budget);
    if (rendered === undefined) continue;
    if (body.length >= slackLimits.blocks - 2 || budget.left <= 0) {
      body.push(plainContext("…"));
      break;
    }
    body.push(rendered);
  }
  if (picture !== undefined) body.push(image(picture));
  return body;
}

interface Budget {
  /** UTF-16 units that the rest of the message may still hold. */
  left: number;
  /** Whether the one table block a message may have is still free. */
  table: boolean;
}

type Element = types.RichTextElement;
type RichPart = types.RichTextBlockElement;

function headline(message: Message, dress: Dress, budget: Budget): KnownBlock {
  const text = take(oneLine(message.headline), budget);
  if (dress === "base") return plainSection(text);
  return rich([
    { type: "rich_text_section", elements: [{ type: "text", text: text || "…", style: { bold: true } }] },
  ]);
}

function renderBlock(block: Block, dress: Dress, budget: Budget): KnownBlock | undefined {
  return dress === "base" ? baseBlock(block, budget) : fullBlock(block, budget);
}

function fullBlock(block: Block, budget: Budget): KnownBlock | undefined {
  switch (block.kind) {
    case "text":
      return richSection(inline(block.content, budget));
    case "facts":
      return richSection(facts(block.facts, budget));
    case "list":
      return richList(block.items, budget);
    case "table":
      return table(block, budget);
    case "preformatted":
      return preformatted(block.text, budget);
    case "note":
      return note(block.content, budget);
  }
}

/** The same content as plain text in the block types that always existed. */
function baseBlock(block: Block, budget: Budget): KnownBlock | undefined {
  const text = take(baseText(block), budget);
  if (text.trim() === "") return undefined;
  return block.kind === "note" ? plainContext(text) : plainSection(text);
}

function baseText(block: Block): string {
  switch (block.kind) {
    case "text":
    case "note":
      return oneLine(plainText(block.content));
    case "facts":
      return block.facts.map((fact) => oneLine(`${fact.label}: ${plainText(fact.value)}`)).join("\n");
    case "list":
      return block.items.map((item) => `• ${oneLine(plainText(item))}`).join("\n");
    case "table":
      return tableAsText(block.columns, block.rows);
    case "preformatted":
      return cleanText(block.text);
  }
}

function facts(
  list: readonly { readonly label: string; readonly value: Text }[],
  budget: Budget,
): readonly Element[] {
  return list.flatMap((fact, index) => {
    const label = take(`${index === 0 ? "" : "\n"}${oneLine(fact.label)}: `, budget);
    if (label.trim() === "") return [];
    return [
      { type: "text", text: label, style: { bold: true } } satisfies Element,
      ...inline(fact.value, budget),
    ];
  });
}

function richList(items: readonly Text[], budget: Budget): KnownBlock | undefined {
  const sections = items
    .slice(0, slackLimits.listItems)
    .map((item) => ({ type: "rich_text_section" as const, elements: [...inline(item, budget)] }))
    .filter((section) => section.elements.length > 0);
  if (sections.length === 0) return undefined;
  const rest = items.length - slackLimits.listItems;
  if (rest > 0)
    sections.push({ type: "rich_text_section", elements: [{ type: "text", text: `… +${rest}` }] });
  return rich([{ type: "rich_text_list", style: "bullet", elements: sections }]);
}

function table(block: Block & { readonly kind: "table" }, budget: Budget): KnownBlock | undefined {
  const { columns, rows } = block;
  const size = [columns, ...rows].flat().reduce((sum, cell) => sum + Math.max(1, cell.length), 0);
  const fits =
    columns.length > 0 && columns.length <= slackLimits.tableColumns && rows.length < slackLimits.tableRows;
  if (!budget.table || !fits || size > Math.min(budget.left, slackLimits.tableText)) {
    return preformatted(tableAsText(columns, rows), budget);
  }
  budget.table = false;
  const cell = (text: string): types.RawTextElement => ({
    type: "raw_text",
    text: take(oneLine(text), budget).trim() || "–",
  });
  const whole = [columns, ...rows].map((row) => columns.map((_column, index) => cell(row[index] ?? "")));
  return { type: "table", rows: whole } satisfies KnownBlock;
}

function preformatted(text: string, budget: Budget): KnownBlock | undefined {
  const shown = take(cleanText(text), budget);
  if (shown.trim() === "") return undefined;
  return rich([{ type: "rich_text_preformatted", elements: [{ type: "text", text: shown }] }]);
}

/** Small print; where it has links or mentions it takes the size of text, because small print cannot hold them safely. */
function note(content: Text, budget: Budget): KnownBlock | undefined {
  const dressed = content.some(
    (part) => typeof part !== "string" && (part.kind === "link" || part.kind === "mention"),
  );
  if (dressed) return richSection(inline(content, budget));
  const text = take(oneLine(plainText(content)), budget);
  return text.trim() === "" ? undefined : plainContext(text);
}

function inline(content: Text, budget: Budget): readonly Element[] {
  return content.map((part) => inlineElement(part, budget)).filter((element) => element !== undefined);
}

function inlineElement(part: Inline, budget: Budget): Element | undefined {
  if (typeof part !== "string" && part.kind === "mention") return mention(part.id);
  const text = take(oneLine(plainText([part])), budget);
  if (text === "") return undefined;
  if (typeof part === "string") return { type: "text", text };
  switch (part.kind) {
    case "strong":
      return { type: "text", text, style: { bold: true } };
    case "code":
    case "command":
      return { type: "text", text, style: { code: true } };
    case "link":
      return isWebAddress(part.url) ? { type: "link", url: part.url, text } : { type: "text", text };
  }
}

function mention(id: string): Element | undefined {
  if (/^[UW][A-Z0-9]{2,20}$/.test(id)) return { type: "user", user_id: id };
  if (/^S[A-Z0-9]{2,20}$/.test(id)) return { type: "usergroup", usergroup_id: id };
  if (id === "here" || id === "channel" || id === "everyone") return { type: "broadcast", range: id };
  return undefined;
}

function isWebAddress(url: string): boolean {
  return url.length <= slackLimits.url && /^https?:\/\/[^\s<>|]+$/.test(url) && URL.canParse(url);
}

function image(picture: RenderedPicture): KnownBlock {
  const alt = cut(oneLine(picture.alt).trim(), slackLimits.altText);
  return { type: "image", slack_file: { id: picture.fileId }, alt_text: alt || "chart" } satisfies KnownBlock;
}

function richSection(elements: readonly Element[]): KnownBlock | undefined {
  return elements.length === 0 ? undefined : rich([{ type: "rich_text_section", elements: [...elements] }]);
}

function rich(elements: RichPart[]): KnownBlock {
  return { type: "rich_text", elements } satisfies KnownBlock;
}

function plainSection(text: string): KnownBlock {
  const shown = cut(text, slackLimits.sectionText);
  return {
    type: "section",
    text: { type: "plain_text", text: shown || "…", emoji: false },
  } satisfies KnownBlock;
}

function plainContext(text: string): KnownBlock {
  const shown = cut(text, slackLimits.contextText);
  return {
    type: "context",
    elements: [{ type: "plain_text", text: shown, emoji: false }],
  } satisfies KnownBlock;
}

/** Takes a text out of the message's budget, cut where it does not fit. */
function take(text: string, budget: Budget): string {
  if (budget.left <= 0) return "";
  const shown = cut(text, Math.min(slackLimits.element, budget.left));
  budget.left -= shown.length;
  return shown;
}

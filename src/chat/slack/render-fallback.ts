import type { Block, Message, Text } from "../../message/message.js";
import { slackLimits } from "./slack-limits.js";
import { cleanText, escapeAndCut, oneLine } from "./slack-text.js";
import { tableAsText } from "./table-text.js";

/** The whole meaning as one escaped text: for notifications, screen readers and clients without blocks. */
export function renderFallback(message: Message, extra: readonly string[] = []): string {
  const lines = [oneLine(message.headline), ...message.blocks.map(blockText), ...extra.map(oneLine)];
  const mentions = mentionsOf(message);
  const room = slackLimits.fallback - mentions.length;
  return mentions + (escapeAndCut(lines.filter((line) => line.trim() !== "").join("\n"), room) || "…");
}

function blockText(block: Block): string {
  switch (block.kind) {
    case "text":
    case "note":
      return textLine(block.content);
    case "facts":
      return block.facts.map((fact) => `${oneLine(fact.label)}: ${textLine(fact.value)}`).join("\n");
    case "list":
      return block.items.map((item) => `• ${textLine(item)}`).join("\n");
    case "table":
      return tableAsText(block.columns, block.rows);
    case "preformatted":
      return cleanText(block.text);
  }
}

/** Links show their address too: the fallback has nothing to click. */
function textLine(content: Text): string {
  const parts = content.map((part) => {
    if (typeof part === "string") return part;
    switch (part.kind) {
      case "mention":
        return "";
      case "link":
        return /^https?:\/\//.test(part.url) ? `${part.text} (${part.url})` : part.text;
      case "strong":
      case "code":
        return part.text;
      case "command":
        return part.command;
    }
  });
  return oneLine(parts.join(""));
}

/** The deliberate mentions, by id, at most ten, in front: the only markup a fallback ever holds. */
function mentionsOf(message: Message): string {
  const content = message.blocks.flatMap((block) =>
    block.kind === "text" || block.kind === "note" ? [block.content] : [],
  );
  const inFacts = message.blocks.flatMap((block) =>
    block.kind === "facts" ? block.facts.map((fact) => fact.value) : [],
  );
  const ids = [...content, ...inFacts]
    .flat()
    .flatMap((part) => (typeof part !== "string" && part.kind === "mention" ? [part.id] : []));
  const marks = [...new Set(ids)]
    .slice(0, 10)
    .map(mentionMark)
    .filter((mark) => mark !== "");
  return marks.length === 0 ? "" : `${marks.join(" ")} `;
}

function mentionMark(id: string): string {
  if (/^[UW][A-Z0-9]{2,20}$/.test(id)) return `<@${id}>`;
  if (/^S[A-Z0-9]{2,20}$/.test(id)) return `<!subteam^${id}>`;
  return id === "here" || id === "channel" || id === "everyone" ? `<!${id}>` : "";
}

import type { Block, Message } from "../../src/message/message.js";
import { plainText } from "../../src/message/message.js";

/** A message as lines of plain text, for in-line snapshots. */
export function messageText(message: Message): string {
  return [`[${message.tone}] ${message.headline}`, ...message.blocks.flatMap(lines)].join("\n");
}

function lines(block: Block): readonly string[] {
  switch (block.kind) {
    case "text":
      return [plainText(block.content)];
    case "note":
      return [`(${plainText(block.content)})`];
    case "facts":
      return block.facts.map((fact) => `${fact.label}: ${plainText(fact.value)}`);
    case "list":
      return block.items.map((item) => `- ${plainText(item)}`);
    case "table":
      return [block.columns, ...block.rows].map((row) => row.join(" | "));
    case "preformatted":
      return block.text.split("\n").map((line) => `    ${line}`);
  }
}

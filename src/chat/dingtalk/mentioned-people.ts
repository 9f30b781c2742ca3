import type { Message, Text } from "../../message/message.js";
import { isPersonId } from "./render-markdown.js";

/** The people a message names, by user id, each once, at most `atMost`. Mentions come from the config alone. */
export function mentionedPeople({ blocks }: Message, atMost: number): readonly string[] {
  const texts: readonly Text[] = blocks.flatMap((block) => {
    if (block.kind === "text" || block.kind === "note") return [block.content];
    return block.kind === "facts" ? block.facts.map(({ value }) => value) : [];
  });
  const ids = texts
    .flat()
    .flatMap((part) => (typeof part !== "string" && part.kind === "mention" ? [part.id] : []));
  return [...new Set(ids)].filter(isPersonId).slice(0, atMost);
}

import type { Block, Inline, Message, Text, Tone } from "../message/message.js";
import type { Reply } from "./command.js";

/** What everybody in the place sees. */
export function toEverybody(message: Message): Reply {
  return { message, visibility: "everybody" };
}

/** What only the asker sees: errors, help, refusals. */
export function toAsker(message: Message): Reply {
  return { message, visibility: "asker" };
}

/** A sentence to the asker about what was wrong and what to do next. */
export function problem(headline: string, ...blocks: readonly Block[]): Reply {
  return toAsker({ tone: "warning", headline, blocks });
}

export function message(tone: Tone, headline: string, blocks: readonly Block[]): Message {
  return { tone, headline, blocks };
}

export function text(...content: Text): Block {
  return { kind: "text", content };
}

export function note(...content: Text): Block {
  return { kind: "note", content };
}

export function code(content: string): Inline {
  return { kind: "code", text: content };
}

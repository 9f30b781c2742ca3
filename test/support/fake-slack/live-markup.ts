import type { FakeMessage, Json, JsonObject } from "./world.js";
import { isObject, str } from "./world.js";

/** Everything in a message that would notify, link or format, wherever it hides: mrkdwn, the fallback text, rich text elements. */
export function liveMarkup(message: Pick<FakeMessage, "text" | "blocks">): readonly string[] {
  const found = [...marksIn(message.text)];
  for (const block of message.blocks) walk(block, found);
  return found;
}

/** All that people can read of a message, fallback and blocks. */
export function visibleText(message: Pick<FakeMessage, "text" | "blocks">): string {
  const parts: string[] = [unescape(message.text)];
  const collect = (value: Json | undefined): void => {
    if (Array.isArray(value)) (value as readonly Json[]).forEach(collect);
    else if (isObject(value)) {
      for (const [key, inner] of Object.entries(value)) {
        if ((key === "text" || key === "alt_text") && typeof inner === "string") parts.push(inner);
        else collect(inner);
      }
    }
  };
  message.blocks.forEach(collect);
  return parts.join("\n");
}

function walk(value: Json | undefined, found: string[]): void {
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) walk(item, found);
    return;
  }
  if (!isObject(value)) return;
  found.push(...elementMarks(value));
  for (const inner of Object.values(value)) walk(inner, found);
}

function elementMarks(value: JsonObject): readonly string[] {
  switch (str(value["type"])) {
    case "mrkdwn":
      return [
        ...marksIn(str(value["text"])),
        ...(value["verbatim"] === true ? [] : ["mrkdwn without verbatim"]),
      ];
    case "plain_text":
      return value["emoji"] === false ? [] : ["plain_text with emoji"];
    case "user":
    case "usergroup":
    case "broadcast":
    case "channel":
      return [JSON.stringify(value)];
    case "link":
      return [str(value["url"])];
    default:
      return [];
  }
}

function marksIn(text: string): readonly string[] {
  return text.match(/<[^<>]*>?|>/g) ?? [];
}

function unescape(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

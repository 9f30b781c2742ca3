/** How a message feels; always said in words too, never by colour alone. */
export type Tone = "critical" | "warning" | "good" | "info";

/** A stretch of text. Bare strings are plain, untrusted text: renderers escape them, always. */
export type Inline =
  | string
  | { readonly kind: "strong"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "link"; readonly url: string; readonly text: string }
  /** A whole command that one touch says, where links can speak; elsewhere the words to type. */
  | { readonly kind: "command"; readonly command: string; readonly text: string }
  /** A person or group by the platform's id, only ever from config. */
  | { readonly kind: "mention"; readonly id: string };

export type Text = readonly Inline[];

/** The closed set of things a message is made of; a new kind is a compile error in exactly the renderers. */
export type Block =
  | { readonly kind: "text"; readonly content: Text }
  | { readonly kind: "facts"; readonly facts: readonly Fact[] }
  | { readonly kind: "list"; readonly items: readonly Text[] }
  | {
      readonly kind: "table";
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: "preformatted"; readonly text: string }
  /** Small print: how to act, where a setting came from. */
  | { readonly kind: "note"; readonly content: Text };

export interface Fact {
  readonly label: string;
  readonly value: Text;
}

/** Platform-neutral speech: the headline says what, where, since when, and stands alone as the notification text. */
export interface Message {
  readonly tone: Tone;
  readonly headline: string;
  readonly blocks: readonly Block[];
}

/** The text of a stretch without its dress. */
export function plainText(text: Text): string {
  return text
    .map((inline) => {
      if (typeof inline === "string") return inline;
      if (inline.kind === "mention") return "";
      return inline.kind === "command" ? inline.command : inline.text;
    })
    .join("");
}

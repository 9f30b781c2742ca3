import type { Locale } from "../lib/locale.js";
import type { Destination } from "../message/destination.js";
import type { Message } from "../message/message.js";
import type { MessageRef } from "../message/post.js";

/** Who speaks, as the platform knows them. `kind` is judged by the platform: strangers come from other organisations. */
export interface Actor {
  readonly platform: string;
  readonly id: string;
  /** A display name: untrusted. */
  readonly name: string;
  readonly kind: "member" | "guest" | "stranger" | "bot" | "operator";
}

/** What a message was taken for a run's by: the message it quotes, the mark in that message's text, or no other run being spoken of here lately. */
export type ThreadSign = "quoted" | "marked" | "only";

/** A command in a platform-neutral shape. */
export interface CommandRequest {
  readonly actor: Actor;
  readonly place: Destination;
  /** The thread's root the command was written in, if any: a run may be implied by it. */
  readonly thread?: MessageRef;
  /** Where `thread` was gathered from other signs than a thread: which, for the reply to say. */
  readonly gathered?: ThreadSign;
  readonly direct: boolean;
  readonly text: string;
  /** The language of the place, if the platform knows better than the config. */
  readonly locale?: Locale;
}

/** What a command says back. `picture` is a chart to draw and join; `everybody` replies are posted visibly. */
export interface Reply {
  readonly message: Message;
  readonly visibility: "asker" | "everybody";
  readonly picture?: { readonly png: Uint8Array; readonly name: string; readonly alt: string };
}

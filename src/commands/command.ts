import type { Locale } from "../lib/locale.js";
import type { Destination } from "../message/destination.js";
import type { Message } from "../message/message.js";
import type { MessageRef } from "../message/post.js";
import type { CommandContext } from "./context.js";

/** Who speaks, as the platform knows them. `kind` is judged by the platform: strangers come from other organisations. */
export interface Actor {
  readonly platform: string;
  readonly id: string;
  /** A display name: untrusted. */
  readonly name: string;
  readonly kind: "member" | "guest" | "stranger" | "bot" | "operator";
}

/** A command in a platform-neutral shape. */
export interface CommandRequest {
  readonly actor: Actor;
  readonly place: Destination;
  /** The thread's root the command was written in, if any: a run may be implied by it. */
  readonly thread?: MessageRef;
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

/** A word people write after `/tb`: its texts, what it takes, and what it does. Wrong words are answered, never thrown. */
export interface Command {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly usage: Readonly<Record<Locale, string>>;
  readonly summary: Readonly<Record<Locale, string>>;
  /** What it takes to be allowed: `read`, `touch` (ack, mute, own-thread thresholds) or `administer`. */
  readonly needs: "read" | "touch" | "administer";
  /** Where words raise the need (`watch add`); `needs` is the least. Judged by the command itself as soon as it knows. */
  readonly mayNeed?: "touch" | "administer";
  run(words: readonly string[], context: CommandContext): Promise<Reply>;
}

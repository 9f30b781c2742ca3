import type { Message } from "./message.js";

/** A message that a platform accepted: enough to reply to it, edit it and link to it. Stored as JSON. */
export interface MessageRef {
  /** The platform's channel or conversation, as the platform answered it. */
  readonly channel: string;
  /** The platform's id of the message (Slack: its `ts`, a string, never a number). */
  readonly id: string;
  /** A URL people can open, where the platform gives one. */
  readonly link?: string;
}

/** A picture the platform already holds (uploaded, ready to show), or the bytes where uploads do not exist apart from posts. */
export type Picture =
  | { readonly kind: "uploaded"; readonly ref: string; readonly alt: string }
  | {
      readonly kind: "png";
      readonly png: Uint8Array;
      readonly name: string;
      readonly alt: string;
      /** The curve as a line of characters, for places that show no pictures. */
      readonly sketch?: string;
    };

/** One thing to say, ready for a platform. `entryId` is stable over retries: the platform stores it with the message where it can. */
export interface Post {
  readonly entryId: string;
  readonly message: Message;
  readonly picture?: Picture;
  /** It opens a run's conversation and is kept up to date by edits, where the platform can. */
  readonly opens?: boolean;
  /** Of a post that opens: who is responsible for what it was opened for, by the platform's ids, from the config alone. */
  readonly mention?: readonly string[];
  /** The thread's root, for a reply in a run's conversation. */
  readonly replyTo?: MessageRef;
  /** People to reach by the platform's most pressing way, instead of a message in a conversation. */
  readonly presses?: readonly string[];
  /** The message that this post replaces in place. */
  readonly edits?: MessageRef;
}

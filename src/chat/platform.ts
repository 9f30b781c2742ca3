import type { CommandRequest, Reply } from "../commands/command.js";
import type { MonthQuota } from "../commands/context.js";
import type { ChartColumn } from "../message/chart-spec.js";
import type { Destination } from "../message/destination.js";
import type { MessageRef, Picture, Post } from "../message/post.js";

/** What a platform can do; nobody asks which platform it is. */
export interface Capabilities {
  /** Replies gather under a root message. Without it every post of a run stands alone and names the run. */
  readonly threads: boolean;
  /** A posted message can be replaced in place; `roots`: only a thread's root can. */
  readonly edit: boolean | "roots";
  /** `uploaded`: pictures are uploaded first and joined by reference; `with-post`: bytes travel with the post (with the alert itself where it cannot be edited); `sketched`: likewise, shown as characters; `none`. */
  readonly pictures: "uploaded" | "with-post" | "sketched" | "none";
  /** How much room a picture has here. */
  readonly column: ChartColumn;
  /** What is sent counts against a quota: nothing is edited for progress alone. */
  readonly metered: boolean;
  /** People can write to us. */
  readonly inbound: boolean;
  /** A link in a message can say a command for whoever touches it. */
  readonly speakingLinks: boolean;
  /** The platform can be asked whether it holds a post already. */
  readonly find: boolean;
}

/**
 * What became of a post. `unclear`: it may have been stored; ask with `find` before saying it again. `once`: this
 * cannot have doubled an earlier try, for the vendor knows a repeat or nothing was sent this time.
 */
export type DeliveryOutcome =
  | { readonly kind: "delivered"; readonly ref: MessageRef; readonly once?: boolean }
  | { readonly kind: "retry"; readonly afterMs: number; readonly reason: string }
  | { readonly kind: "unclear"; readonly reason: string }
  /** `gone`: the message replied to or edited no longer exists; a new thread may help. */
  | { readonly kind: "rejected"; readonly reason: string; readonly gone?: boolean };

export type UploadOutcome =
  | { readonly kind: "uploaded"; readonly picture: Picture }
  | { readonly kind: "retry"; readonly afterMs: number; readonly reason: string }
  | { readonly kind: "rejected"; readonly reason: string };

export interface PlatformHealth {
  readonly state: "up" | "connecting" | "down" | "unauthorised";
  readonly detail: string;
}

/** One vendor. Outcomes are values; an exception is a bug and counts as `unclear`. */
export interface ChatPlatform {
  readonly name: string;
  readonly capabilities: Capabilities;
  /** Resolves also where the vendor cannot be reached yet (see `health`); rejects with one sentence where it refuses us for good. */
  start(onCommand: (request: CommandRequest) => Promise<Reply>): Promise<void>;
  deliver(post: Post, to: Destination): Promise<DeliveryOutcome>;
  /** Where capabilities.pictures is `uploaded`: makes the picture usable in a later post or edit; waits until it is. */
  upload?(picture: Picture & { readonly kind: "png" }, to: Destination): Promise<UploadOutcome>;
  /** After an unclear outcome or a crash: the message that carries this entry id, if the platform holds one; rejects where it cannot be asked just now. */
  find?(entryId: string, to: Destination, thread?: MessageRef): Promise<MessageRef | undefined>;
  /** Where the vendor counts what is sent: this month's part, used and left. */
  quota?(): Promise<MonthQuota>;
  health(): PlatformHealth;
  stop(): Promise<void>;
}

import type { Capabilities, ChatPlatform, DeliveryOutcome } from "../../src/chat/platform.js";
import type { MessageRef, Post } from "../../src/message/post.js";

/** A post as it stands at the platform now, with how often it was edited. */
export interface StoredPost {
  readonly ref: MessageRef;
  readonly entryId: string;
  headline: string;
  readonly root: string | undefined;
  edits: number;
  pictured: boolean;
}

/** A platform in memory that keeps what it is told and refuses what does not fit: replies need their root, edits their message. */
export class RecordingPlatform implements ChatPlatform {
  readonly name = "rec";
  readonly capabilities: Capabilities;
  readonly posts: StoredPost[] = [];
  /** Outcomes to give instead of delivering, in order. */
  readonly planned: DeliveryOutcome[] = [];
  uploads = 0;

  constructor(capabilities: Partial<Capabilities> = {}) {
    this.capabilities = {
      threads: true,
      edit: true,
      pictures: "uploaded",
      column: "wide",
      metered: false,
      inbound: false,
      speakingLinks: false,
      find: true,
      ...capabilities,
    };
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  deliver(post: Post): Promise<DeliveryOutcome> {
    const planned = this.planned.shift();
    if (planned !== undefined) return Promise.resolve(planned);
    if (post.edits !== undefined) return Promise.resolve(this.#edit(post, post.edits));
    if (post.replyTo !== undefined && !this.posts.some((stored) => stored.ref.id === post.replyTo?.id)) {
      return Promise.resolve({ kind: "rejected", reason: "no such thread", gone: true });
    }
    const ref = { channel: "c", id: String(this.posts.length + 1) };
    this.posts.push({
      ref,
      entryId: post.entryId,
      headline: post.message.headline,
      root: post.replyTo?.id,
      edits: 0,
      pictured: post.picture !== undefined,
    });
    return Promise.resolve({ kind: "delivered", ref });
  }

  upload(picture: { readonly alt: string }) {
    this.uploads += 1;
    return Promise.resolve({
      kind: "uploaded" as const,
      picture: { kind: "uploaded" as const, ref: `F${this.uploads}`, alt: picture.alt },
    });
  }

  find(entryId: string): Promise<MessageRef | undefined> {
    return Promise.resolve(this.posts.find((stored) => stored.entryId === entryId)?.ref);
  }

  health() {
    return { state: "up" as const, detail: "" };
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  #edit(post: Post, ref: MessageRef): DeliveryOutcome {
    const stored = this.posts.find((candidate) => candidate.ref.id === ref.id);
    if (stored === undefined) return { kind: "rejected", reason: "no such message", gone: true };
    stored.headline = post.message.headline;
    stored.edits += 1;
    stored.pictured ||= post.picture !== undefined;
    return { kind: "delivered", ref };
  }
}

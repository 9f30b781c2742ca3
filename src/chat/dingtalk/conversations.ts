import type { ThreadSign } from "../../commands/command-request.js";
import type { Clock } from "../../lib/clock.js";
import { shortHash } from "../../lib/short-hash.js";
import type { MessageRef } from "../../message/post.js";
import type { MarkStore } from "./mark-store.js";

/** Which run's conversation a quoted message belongs to; DingTalk has no threads, so keys and tags stand for them. */
export interface Conversations {
  /** The mark that every message of a conversation carries: `#tb1a2b3c4d`. */
  tagOf(root: MessageRef): Promise<string>;
  /** The mark a root will have, from what is known before it is said. */
  newTag(entryId: string): string;
  opened(root: MessageRef, tag: string): Promise<void>;
  said(root: MessageRef, key: string): Promise<void>;
  /** Where a root was said. */
  placeOf(root: string): Promise<string | undefined>;
  /** The robot's own organisation, as its messages name it. */
  learnHomeCorp(corpId: string): Promise<void>;
  homeCorp(): Promise<string | undefined>;
  /** The conversation that is meant, by the quoted message's keys, the tag in its text, or because only one was spoken of lately. */
  meant(quote: Quote): Promise<Meant | undefined>;
}

export interface Meant {
  readonly thread: MessageRef;
  readonly gathered: ThreadSign;
}

export interface Quote {
  readonly place: string;
  readonly keys: readonly string[];
  /** Of a message of ours only. */
  readonly text: string | undefined;
}

/** No place is called so. */
const everywhere = "*";
const latelyMs = 3_600_000;

export function createConversations(marks: MarkStore, clock: Clock): Conversations {
  /** Per place: root ids and when they were last spoken of. */
  const lately = new Map<string, Map<string, number>>();
  const spokenOf = (root: MessageRef): void => {
    const here = lately.get(root.channel) ?? new Map<string, number>();
    here.delete(root.id);
    here.set(root.id, clock.now());
    const oldest = here.size > 50 ? here.keys().next().value : undefined;
    if (oldest !== undefined) here.delete(oldest);
    lately.delete(root.channel);
    lately.set(root.channel, here);
    const quietest = lately.size > 1_000 ? lately.keys().next().value : undefined;
    if (quietest !== undefined) lately.delete(quietest);
  };
  return {
    newTag: (entryId) => `#tb${shortHash(entryId, 8)}`,
    async tagOf(root) {
      return (await marks.get(root.channel, `tag-of:${root.id}`)) ?? `#tb${shortHash(root.id, 8)}`;
    },
    async opened(root, tag) {
      spokenOf(root);
      await marks.put(root.channel, `tag-of:${root.id}`, tag);
      await marks.put(root.channel, tag, root.id);
      await marks.put(root.channel, `key:${root.id}`, root.id);
      await marks.put(everywhere, root.id, root.channel);
    },
    placeOf: (root) => marks.get(everywhere, root),
    homeCorp: () => marks.get(everywhere, "home-corp"),
    async learnHomeCorp(corpId) {
      if ((await marks.get(everywhere, "home-corp")) !== corpId)
        await marks.put(everywhere, "home-corp", corpId);
    },
    async said(root, key) {
      spokenOf(root);
      await marks.put(root.channel, `key:${key}`, root.id);
      await marks.put(root.channel, await this.tagOf(root), root.id);
    },
    async meant({ place, keys, text }) {
      for (const key of keys) {
        const id = await marks.get(place, `key:${key}`);
        if (id !== undefined) return { thread: { channel: place, id }, gathered: "quoted" };
      }
      const tag = /[#＃](tb[0-9a-f]{8})\b/.exec(text ?? "")?.[1];
      const tagged = tag === undefined ? undefined : await marks.get(place, `#${tag}`);
      if (tagged !== undefined) return { thread: { channel: place, id: tagged }, gathered: "marked" };
      const recent = [...(lately.get(place) ?? [])].filter(([, at]) => clock.now() - at <= latelyMs);
      const [only] = recent;
      return recent.length === 1 && only !== undefined
        ? { thread: { channel: place, id: only[0] }, gathered: "only" }
        : undefined;
    },
  };
}

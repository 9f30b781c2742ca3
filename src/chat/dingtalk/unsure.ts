import type { Post } from "../../message/post.js";

export type Look =
  | { readonly kind: "new" }
  /** Probably sent; not said again. */
  | { readonly kind: "leave" }
  /** Critical: said once more, marked as such. */
  | { readonly kind: "again" }
  | { readonly kind: "wait"; readonly afterMs: number };

/** Posts whose answer was lost: the platform cannot be asked and has no idempotency, so only what is critical is repeated, once, a minute later. */
export interface Unsure {
  note(post: Post, now: number): void;
  look(post: Post, now: number): Look;
  clear(post: Post): void;
}

const patienceMs = 60_000;

export function createUnsure(onLeave: (entryId: string) => void, pauseMs = patienceMs): Unsure {
  const held = new Map<string, { readonly at: number; readonly times: number }>();
  return {
    note({ entryId }, now) {
      held.set(entryId, { at: now, times: (held.get(entryId)?.times ?? 0) + 1 });
      const oldest = held.size > 1_000 ? held.keys().next().value : undefined;
      if (oldest !== undefined) held.delete(oldest);
    },
    look({ entryId, message }, now) {
      const before = held.get(entryId);
      if (before === undefined) return { kind: "new" };
      if (message.tone !== "critical" || before.times > 1) {
        held.delete(entryId);
        onLeave(entryId);
        return { kind: "leave" };
      }
      const afterMs = before.at + pauseMs - now;
      return afterMs > 0 ? { kind: "wait", afterMs } : { kind: "again" };
    },
    clear: ({ entryId }) => void held.delete(entryId),
  };
}

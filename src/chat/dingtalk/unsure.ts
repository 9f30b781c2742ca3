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
/** After one lost answer, after two in a row and so on: a server that answers nothing is not given message after message to lose. */
const breathFirstMs = 5_000;

export function createUnsure(onLeave: (entryId: string) => void, pauseMs = patienceMs): Unsure {
  const held = new Map<string, { readonly at: number; readonly times: number }>();
  let inRow = 0;
  let breathUntil = 0;
  return {
    note({ entryId }, now) {
      breathUntil = now + Math.min(pauseMs, breathFirstMs * 2 ** inRow);
      inRow += 1;
      held.set(entryId, { at: now, times: (held.get(entryId)?.times ?? 0) + 1 });
      const oldest = held.size > 1_000 ? held.keys().next().value : undefined;
      if (oldest !== undefined) held.delete(oldest);
    },
    look({ entryId, message }, now) {
      const before = held.get(entryId);
      if (before === undefined) {
        // What is critical gets a second chance of its own, and is tried at once.
        const breathMs = message.tone === "critical" ? 0 : breathUntil - now;
        return breathMs > 0 ? { kind: "wait", afterMs: breathMs } : { kind: "new" };
      }
      if (message.tone !== "critical" || before.times > 1) {
        held.delete(entryId);
        onLeave(entryId);
        return { kind: "leave" };
      }
      const afterMs = before.at + pauseMs - now;
      return afterMs > 0 ? { kind: "wait", afterMs } : { kind: "again" };
    },
    clear({ entryId }) {
      held.delete(entryId);
      inRow = 0;
      breathUntil = 0;
    },
  };
}

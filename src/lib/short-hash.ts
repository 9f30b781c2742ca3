import { createHash } from "node:crypto";

/** The first `length` hex digits of SHA-256 of a text: a stable short id for names that come from users. */
export function shortHash(text: string, length = 16): string {
  return createHash("sha256").update(text, "utf8").digest("hex").slice(0, length);
}

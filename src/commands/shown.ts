import { plainName } from "../message/plain-name.js";

/** A name from outside as one short line; the length fits a headline. In code points. */
export function shown(name: string, atMost = 80): string {
  return plainName(name, atMost);
}

/** A name that reads back as one word of a command; for the commands that replies name. */
export function quoted(name: string): string {
  const bounded = plainName(name, 300);
  if (/^[\p{L}\p{N}_./:=+*?-]+$/u.test(bounded)) return bounded;
  return bounded.includes('"') ? `'${bounded}'` : `"${bounded}"`;
}

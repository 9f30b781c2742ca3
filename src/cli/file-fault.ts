import { getSystemErrorMap } from "node:util";

/** Why the system refused a file, in its own words, to stand in brackets behind a sentence. */
export function fileFault(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const errno = "errno" in cause ? Number(cause.errno) : 0;
  return getSystemErrorMap().get(errno)?.[1] ?? cause.message;
}

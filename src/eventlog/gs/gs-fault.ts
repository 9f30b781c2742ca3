import { ObjectFault, type ObjectFaultKind } from "../object-store.js";

/** What the client throws, as a fault of the bucket; the client has tried again before. */
export function gsFaultOf(error: unknown, place: string): ObjectFault {
  return new ObjectFault(kindOf(error), place, error);
}

/** The HTTP status of an answer; undefined where there was none. */
export function gsCodeOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  const code = Number(error.code);
  return Number.isInteger(code) ? code : undefined;
}

function kindOf(error: unknown): ObjectFaultKind {
  const code = gsCodeOf(error);
  if (code === 401) return "no-credentials";
  if (code === 403) return "denied";
  if (code === 404) return "missing";
  if (code === 429 || code === 503) return "throttled";
  if (code !== undefined && code >= 500) return "unreachable";
  const symbol = error instanceof Error && "code" in error ? String(error.code) : "";
  if (/^E[A-Z_]+$/.test(symbol)) return "unreachable";
  // The authentication library gives its complaint no code or class of its own.
  const isAuth = error instanceof Error && (error.stack ?? "").includes("google-auth-library");
  return isAuth ? "no-credentials" : "unexpected";
}

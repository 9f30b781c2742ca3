import { z } from "zod";

/** A network failure's code from the system or the HTTP client (`ECONNREFUSED`), or the name of a timeout, from up to four causes deep. */
export function networkCode(error: unknown): string | undefined {
  let found: string | undefined;
  let current: unknown = error;
  for (let depth = 0; depth < 4; depth += 1) {
    const layer = coded.safeParse(current);
    if (!layer.success) break;
    const { code, name, cause, errors } = layer.data;
    if (typeof code === "string" && /^[A-Z][A-Z0-9_]*$/.test(code)) found = code;
    else if (name === "TimeoutError" || name === "AbortError") found ??= name;
    current = cause ?? errors?.[0];
  }
  return found;
}

/** Whether a failure of this code happened before any byte of the request was on its way, so that trying again cannot say anything twice. */
export function wasNeverSent(code: string): boolean {
  return beforeSending.has(code);
}

const coded = z.object({
  code: z.unknown().optional(),
  name: z.unknown().optional(),
  cause: z.unknown().optional(),
  errors: z.array(z.unknown()).optional().catch(undefined),
});

const beforeSending: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "PROXY_UNREACHABLE",
  "PROXY_WANTS_CREDENTIALS",
  "PROXY_REFUSED",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

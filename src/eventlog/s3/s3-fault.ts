import { ObjectFault, type ObjectFaultKind } from "../object-store.js";

/** What the client throws, as a fault of the bucket; the client has tried again before. */
export function s3FaultOf(error: unknown, place: string): ObjectFault {
  return new ObjectFault(kindOf(error), place, error);
}

/** The HTTP status of an answer; undefined where there was none. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("$metadata" in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return undefined;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
}

function kindOf(error: unknown): ObjectFaultKind {
  const name = error instanceof Error ? error.name : "";
  const known = byName.get(name);
  if (known !== undefined) return known;
  const status = statusOf(error);
  if (status === 401 || status === 403) return "denied";
  if (status === 404) return "missing";
  if (status === 429 || status === 503) return "throttled";
  if (status !== undefined && status >= 500) return "unreachable";
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return /^E[A-Z_]+$/.test(code) ? "unreachable" : "unexpected";
}

const byName: ReadonlyMap<string, ObjectFaultKind> = new Map([
  ["NoSuchBucket", "missing"],
  ["AccessDenied", "denied"],
  ["AllAccessDisabled", "denied"],
  ["InvalidAccessKeyId", "denied"],
  ["SignatureDoesNotMatch", "denied"],
  ["ExpiredToken", "no-credentials"],
  ["CredentialsProviderError", "no-credentials"],
  ["SlowDown", "throttled"],
  ["ThrottlingException", "throttled"],
  ["TooManyRequestsException", "throttled"],
  ["TimeoutError", "unreachable"],
  ["AbortError", "unreachable"],
]);

/** One object of a bucket as a listing shows it; `version` (ETag, generation) changes whenever its bytes do. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly version: string;
  readonly mtimeMs: number;
}

export interface ObjectPage {
  readonly objects: readonly ListedObject[];
  /** Where the listing goes on; undefined at its end. */
  readonly next: string | undefined;
}

/** Part of an object as it stood in one moment; `size` is that of the whole. */
export interface ObjectPiece extends Omit<ListedObject, "key"> {
  readonly bytes: Uint8Array;
}

export interface ListRequest {
  /** Empty, or with a slash at its end. */
  readonly prefix: string;
  /** Only the objects right below the prefix. */
  readonly shallow: boolean;
  readonly from: string | undefined;
}

export interface RangeRequest {
  readonly key: string;
  readonly start: number;
  readonly length: number;
}

/** A bucket. Both throw an `ObjectFault` where the place as a whole does not answer as it should. */
export interface ObjectStore {
  /** One page of at most 1,000 keys, in the order of their bytes. */
  list(request: ListRequest): Promise<ObjectPage>;
  /** The bytes there are from `start` on, at most `length`; `past-end` where the object ends at or before `start`. */
  read(request: RangeRequest): Promise<ObjectPiece | "gone" | "denied" | "past-end">;
}

export type ObjectFaultKind =
  "denied" | "no-credentials" | "missing" | "throttled" | "unreachable" | "unexpected";

/** A bucket that cannot be read at present; the message is a sentence for an operator, without secrets. */
export class ObjectFault extends Error {
  readonly kind: ObjectFaultKind;

  constructor(kind: ObjectFaultKind, place: string, cause?: unknown) {
    super(`${place}: ${sentences[kind]}${detailOf(kind, cause)}`, { cause });
    this.name = "ObjectFault";
    this.kind = kind;
  }
}

const sentences: Readonly<Record<ObjectFaultKind, string>> = {
  denied: "these credentials may not list and read it; allow both, or use other ones",
  "no-credentials":
    "no credentials were found, or they have expired; set them as the client's own tools expect",
  missing: "there is no such bucket; check its name, region and endpoint",
  throttled: "it asks for fewer requests",
  unreachable: "it does not answer",
  unexpected: "it answered something unexpected",
};

/** The name of what went wrong, never its text: that may hold addresses and keys. */
function detailOf(kind: ObjectFaultKind, cause: unknown): string {
  if (kind !== "unexpected" && kind !== "unreachable") return "";
  if (typeof cause !== "object" || cause === null) return "";
  const code: unknown =
    "code" in cause && cause.code !== undefined ? cause.code : "name" in cause ? cause.name : "";
  const shown = typeof code === "string" || typeof code === "number" ? String(code) : "";
  return /^[\w.-]{1,60}$/.test(shown) ? ` (${shown})` : "";
}

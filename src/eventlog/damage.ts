/** What can be wrong with the bytes of an event file; the names are those of the conformance rules. */
export type DamageKind =
  | "truncated-tail"
  | "zeros"
  | "corrupt-length"
  | "corrupt-record"
  | "bad-proto"
  | "oversize-record"
  | "replaced"
  | "unreadable"
  | "two-writers"
  | "bound";

/** One finding: `file` is a base name, `offset` that of the record's first byte. */
export interface Damage {
  readonly file: string;
  readonly kind: DamageKind;
  readonly offset: number;
  readonly detail?: string;
}

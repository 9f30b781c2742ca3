import { tagKinds } from "./tag-table.js";

/** Which member of the value's oneof is set; `blob` stands for image, audio and the obsolete histogram. */
export type ValueMember = "none" | "simple" | "tensor" | "histogram" | "blob";

/** What a value says about its tag; data classes: 0 unset, 1 scalar, 2 tensor, 3 blob sequence. */
export interface TagEvidence {
  readonly member: ValueMember;
  readonly dataClass: number;
  /** Empty where there is no metadata or it names none. */
  readonly plugin: string;
}

/** Rule R9: what a tag is, by the first value that says so; `unsettled` where this one does not. */
export function settledKind({ member, dataClass, plugin }: TagEvidence): number {
  if (dataClass !== 0) {
    if (dataClass === 1 && plugin === "scalars") return tagKinds.scalar;
    return plugin === "histograms" ? tagKinds.histogram : tagKinds.other;
  }
  if (member === "simple") return tagKinds.scalar;
  if (plugin === "scalars") return tagKinds.scalar;
  if (plugin === "histograms") return tagKinds.histogram;
  if (plugin !== "") return tagKinds.other;
  if (member === "histogram") return tagKinds.histogram;
  return member === "blob" ? tagKinds.other : tagKinds.unsettled;
}

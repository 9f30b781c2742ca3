import { tagKinds } from "./tag-table.js";

/** Which member of the value's oneof is set; `obsolete` is the histogram of before TensorFlow 0.6. */
export type ValueMember = "none" | "simple" | "tensor" | "histogram" | "image" | "audio" | "obsolete";

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
  return member === "none" || member === "tensor" ? tagKinds.unsettled : tagKinds.other;
}

const pluginLength = 40;

/** The plugin that shows a tag that is no scalar and no histogram; as TensorBoard does, images and sound of before plugins go to theirs. Empty where nothing names one. */
export function pluginOf({ member, plugin }: TagEvidence): string {
  if (plugin !== "") return plugin.slice(0, pluginLength);
  if (member === "image") return "images";
  return member === "audio" ? "audio" : "";
}

import type { Run } from "../series/run.js";

/** A link that opens TensorBoard's scalars with only this run selected (its `runFilter` takes a regular expression). */
export function tensorboardLink(base: string | undefined, run: Run): string | undefined {
  if (base === undefined) return undefined;
  const escaped = run.name.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const filter = run.name === "." ? "^\\.$" : `^${escaped}(/|$)`;
  return `${base}/?runFilter=${encodeURIComponent(filter)}#timeseries`;
}

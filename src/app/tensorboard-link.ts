import type { Run } from "../series/run.js";

/** A link that opens TensorBoard's scalars with only this run selected (its `runFilter` takes a regular expression). */
export function tensorboardLink(base: string | undefined, run: Run): string | undefined {
  if (base === undefined) return undefined;
  const escaped = run.name.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const filter = run.name === "." ? "^\\.$" : `^${escaped}(/|$)`;
  // A server may name a run with half a character, which no address can hold.
  const sound = Buffer.from(filter, "utf8").toString("utf8");
  return `${base}/?runFilter=${encodeURIComponent(sound)}#timeseries`;
}

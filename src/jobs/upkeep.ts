import type { RunId } from "../series/run.js";

const dayMs = 86_400_000;

/** After this long without a point a series keeps `idlePoints`; a run rests; a run whose files are gone is forgotten. Milliseconds. */
export const upkeepAfter = { trim: dayMs, rest: 14 * dayMs, forget: 90 * dayMs } as const;

/** Points an idle series keeps (architecture, section 8). */
export const idlePoints = 200;

/** What is done with a run of which nothing was heard for a while. */
export type Upkeep = "keep" | "trim" | "rest" | "forget";

/** A run that rests keeps all but its points, packed: only one whose files are gone for good may lose its cursors, for nothing can be read again as new. */
export function upkeepOf(run: { readonly idleForMs: number; readonly hasFiles: boolean }): Upkeep {
  const { idleForMs, hasFiles } = run;
  if (!hasFiles && idleForMs >= upkeepAfter.forget) return "forget";
  if (idleForMs >= upkeepAfter.rest) return "rest";
  return idleForMs >= upkeepAfter.trim ? "trim" : "keep";
}

/** Bytes that a run's points take, and when (ms) its last one came. */
export interface Held {
  readonly run: RunId;
  readonly arrivedAt: number;
  readonly bytes: number;
}

/** The runs whose points go so that all together take at most `atMost` bytes: those that were silent longest. */
export function beyondBound(held: readonly Held[], atMost: number): readonly RunId[] {
  let total = held.reduce((sum, { bytes }) => sum + bytes, 0);
  const going: RunId[] = [];
  for (const { run, bytes } of [...held].sort((a, b) => a.arrivedAt - b.arrivedAt)) {
    if (total <= atMost) break;
    if (bytes === 0) continue;
    going.push(run);
    total -= bytes;
  }
  return going;
}

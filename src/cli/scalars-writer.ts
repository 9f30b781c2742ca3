import type { Damage } from "../eventlog/damage.js";
import type { PointColumns } from "../series/point.js";

/** One finding of damage, with its log run. */
export interface RunDamage extends Damage {
  readonly run: string;
}

/** Whether only the points that stand are exported, or all that were read, with those that were taken away marked. */
export type ScalarsExtent = "standing" | "all";

/** The points of a series that are exported; `takenAway` is there where all are. */
export interface ExportedSeries {
  readonly length: number;
  columns(): PointColumns & { readonly takenAway?: Uint8Array };
}

/** How scalars are written: pieces of text, a run at a time, so that no more than one run is ever held. */
export interface ScalarsWriter {
  begin(): string;
  run(name: string, series: ReadonlyMap<string, ExportedSeries>): Iterable<string>;
  end(damage: readonly RunDamage[]): string;
}

import type { Damage } from "../eventlog/damage.js";
import type { EffectiveSeries } from "../series/effective.js";

/** One finding of damage, with its log run. */
export interface RunDamage extends Damage {
  readonly run: string;
}

/** How scalars are written: pieces of text, a run at a time, so that no more than one run is ever held. */
export interface ScalarsWriter {
  begin(): string;
  run(name: string, series: ReadonlyMap<string, EffectiveSeries>): Iterable<string>;
  end(damage: readonly RunDamage[]): string;
}

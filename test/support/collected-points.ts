import type { PointBatch } from "../../src/eventlog/point-batch.js";
import { EffectiveSeries } from "../../src/series/effective.js";
import type { ExpectedPoint } from "./conformance.js";

/** Gathers batches of one log run into the series that stand. */
export class CollectedPoints {
  readonly #series = new Map<string, EffectiveSeries>();

  add({ length, tags, tag, step, wallTime, value }: PointBatch): void {
    for (let index = 0; index < length; index += 1) {
      const name = tags[tag[index]!]!;
      const series = this.#series.get(name) ?? new EffectiveSeries();
      this.#series.set(name, series);
      series.push(step[index]!, wallTime[index]!, value[index]!);
    }
  }

  tags(): ReadonlyMap<string, readonly ExpectedPoint[]> {
    return new Map(
      [...this.#series].map(([tag, series]) => {
        const { step, wallTime, value } = series.columns();
        return [
          tag,
          Array.from(step, (at, index): ExpectedPoint => [at, wallTime[index]!, value[index]! + 0]),
        ];
      }),
    );
  }
}

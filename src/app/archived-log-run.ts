import type { LogRunCursor } from "../eventlog/cursor.js";
import type { LogRunSlice } from "../eventlog/log-source.js";
import { EffectiveSeries } from "../series/effective.js";
import type { PointColumns } from "../series/point.js";

/** Some tags of one log run, read from its files again as far as it went; reading may go on from there. */
export class ArchivedLogRun {
  cursor: LogRunCursor | undefined;
  /** Points held, of all tags. */
  points = 0;
  bytes = 0;
  /** The end of the files as they are was reached. */
  isWhole = false;
  readonly #series: ReadonlyMap<string, { readonly standing: EffectiveSeries; read: number }>;

  constructor(tags: Iterable<string>) {
    this.#series = new Map([...tags].map((tag) => [tag, { standing: new EffectiveSeries(), read: 0 }]));
  }

  get tags(): readonly string[] {
    return [...this.#series.keys()];
  }

  has(tags: readonly string[]): boolean {
    return tags.every((tag) => this.#series.has(tag));
  }

  take({ points, cursor, more, bytes }: LogRunSlice): void {
    const wanted = points.tags.map((tag) => this.#series.get(tag));
    for (let i = 0; i < points.length; i += 1) {
      const series = wanted[points.tag[i] ?? 0];
      if (series === undefined) continue;
      series.standing.push(points.step[i] ?? 0, points.wallTime[i] ?? 0, points.value[i] ?? 0);
      series.read += 1;
      this.points += 1;
    }
    this.cursor = cursor;
    this.bytes += bytes;
    this.isWhole = !more;
  }

  /** The points that stand, and how many were read, those that a restart took away included. */
  series(tag: string): { readonly points: PointColumns; readonly read: number } | undefined {
    const found = this.#series.get(tag);
    if (found === undefined) return undefined;
    const { step, wallTime, value } = found.standing.columns();
    return {
      points: { step: step.slice(), wallTime: wallTime.slice(), value: value.slice() },
      read: found.read,
    };
  }
}

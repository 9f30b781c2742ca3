import type { HistogramRow } from "../eventlog/histogram-rows.js";
import type { PointBatch } from "../eventlog/point-batch.js";
import { histogramPoint } from "./histogram-point.js";
import type { RunJudge } from "./run-judge.js";

/** What one read brought of one split. */
export interface Slice {
  readonly points: PointBatch;
  readonly histograms?: readonly HistogramRow[];
}

/** Feeds judges from one slice in the order read, scalars and histograms alike. */
export class SliceFeed {
  readonly #split: string;
  readonly #slice: Slice;
  readonly #judges: readonly RunJudge[];
  readonly #point = { step: 0, wallTime: 0, value: 0 };
  #histogramsFed = 0;

  constructor(split: string, slice: Slice, judges: readonly RunJudge[]) {
    this.#split = split;
    this.#slice = slice;
    this.#judges = judges;
  }

  /** The next stretch of points, each after the histograms that were read before it. */
  points({ from, to }: { readonly from: number; readonly to: number }): void {
    const { points, histograms } = this.#slice;
    const point = this.#point;
    for (let i = from; i < to; i += 1) {
      if (histograms !== undefined) this.#histogramsUpTo(i);
      point.step = points.step[i] ?? 0;
      point.wallTime = points.wallTime[i] ?? 0;
      point.value = points.value[i] ?? 0;
      const tag = points.tags[points.tag[i] ?? 0] ?? "";
      for (const judge of this.#judges) judge.observe(this.#split, tag, point);
    }
  }

  /** The histograms behind the last point. */
  finish(): void {
    this.#histogramsUpTo(Infinity);
  }

  #histogramsUpTo(at: number): void {
    const { histograms = [] } = this.#slice;
    for (; this.#histogramsFed < histograms.length; this.#histogramsFed += 1) {
      const row = histograms[this.#histogramsFed];
      if (row === undefined || row.at > at) return;
      const point = histogramPoint(row);
      for (const judge of this.#judges) judge.observe(this.#split, row.tag, point);
    }
  }
}

import type { HistogramSummary } from "./histogram-summary.js";

/** One histogram as read: `at` is the number of the slice's points that were read before it. */
export interface HistogramRow {
  readonly tag: string;
  readonly step: number;
  readonly wallTime: number;
  readonly at: number;
  readonly summary: HistogramSummary;
}

/** Histograms of one record that are kept. */
const mostOfRecord = 20_000;

/** Collects the histograms of a slice; a record's rows can be taken back as long as it is not known to be whole. */
export class HistogramRows {
  readonly #rows: (Omit<HistogramRow, "tag"> & { readonly tag: number })[] = [];
  #recordFrom = 0;

  get length(): number {
    return this.#rows.length;
  }

  beginRecord(): void {
    this.#recordFrom = this.#rows.length;
  }

  /** False where the record holds more than is kept. */
  push(row: Omit<HistogramRow, "tag"> & { readonly tag: number }): boolean {
    if (this.#rows.length - this.#recordFrom >= mostOfRecord) return false;
    this.#rows.push(row);
    return true;
  }

  rollBack(): void {
    this.#rows.length = this.#recordFrom;
  }

  rows(names: readonly string[]): readonly HistogramRow[] {
    return this.#rows.map((row) => ({ ...row, tag: names[row.tag] ?? "" }));
  }
}

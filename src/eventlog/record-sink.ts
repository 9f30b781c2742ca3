import { HistogramRows } from "./histogram-rows.js";
import { PointColumnsBuilder } from "./point-columns.js";
import type { TagTable } from "./tag-table.js";

export type HParamValue = string | number | boolean;

/** Where the records of one log run go while a slice is decoded: points, settled tags, hyper-parameters. */
export class RecordSink {
  readonly points = new PointColumnsBuilder();
  readonly tags: TagTable;
  /** Absent unless histograms were asked for: they are then skipped by their length. */
  readonly histograms: HistogramRows | undefined;
  readonly hparams = new Map<string, HParamValue>();
  /** Step and wall time of the record under way. */
  step = 0;
  wallTime = 0;
  /** Values left out because the run has more tags than the bounds allow. */
  beyondBounds = 0;

  constructor(tags: TagTable, asked: { readonly histograms?: boolean | undefined } = {}) {
    this.tags = tags;
    this.histograms = asked.histograms === true ? new HistogramRows() : undefined;
  }
}

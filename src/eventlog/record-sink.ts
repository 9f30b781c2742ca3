import { HistogramRows } from "./histogram-rows.js";
import { PointColumnsBuilder } from "./point-columns.js";
import { noTag, type TagTable } from "./tag-table.js";

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
  /** What the bounds left out: values of one tag too many, values of a tag that is too long, histograms of a record that holds too many, hyper-parameters. */
  readonly leftOut = { tags: 0, longTags: 0, histograms: 0, hparams: 0 };

  constructor(tags: TagTable, asked: { readonly histograms?: boolean | undefined } = {}) {
    this.tags = tags;
    this.histograms = asked.histograms === true ? new HistogramRows() : undefined;
  }

  /** Takes note of a value whose tag has no place in the table (`noTag`). */
  leaveOut(why: number): void {
    if (why === noTag.bound) this.leftOut.tags += 1;
    if (why === noTag.long) this.leftOut.longTags += 1;
  }
}

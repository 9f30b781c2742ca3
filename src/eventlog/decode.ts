import type { TagKind } from "./cursor.js";
import { decodeRecords, type RecordDamage, type Stop } from "./decode-records.js";
import type { HistogramRow } from "./histogram-rows.js";
import type { PointBatch } from "./point-batch.js";
import { RecordSink, type HParamValue } from "./record-sink.js";
import { TagTable } from "./tag-table.js";
import { WireBytes } from "./wire.js";

/** What a decoder must remember between two pieces of one log run. JSON-able. */
export interface DecoderMemory {
  readonly tags: Readonly<Record<string, TagKind>>;
}

export interface Decoded {
  readonly points: PointBatch;
  /** Bytes of whole records: the next piece begins here. */
  readonly consumed: number;
  readonly stop: Stop;
  readonly diagnostics: readonly RecordDamage[];
  readonly memory: DecoderMemory;
  readonly hparams: ReadonlyMap<string, HParamValue>;
  /** Where they were asked for. */
  readonly histograms?: readonly HistogramRow[];
}

/** Bytes to points, pure: the same bytes give the same points in whatever pieces they come, as long as each begins where the last was consumed to. */
export function decode(
  bytes: Uint8Array,
  memory: DecoderMemory = { tags: {} },
  asked: { readonly histograms?: boolean } = {},
): Decoded {
  const sink = new RecordSink(TagTable.from(memory.tags), asked);
  const range = { start: 0, end: bytes.length, holdFrom: Infinity, largest: bytes.length };
  const { end, stop, damage } = decodeRecords(new WireBytes(bytes), range, sink);
  return {
    points: sink.points.batch(sink.tags.names),
    consumed: end,
    stop: stop === "large" ? "truncated" : stop,
    diagnostics: damage,
    memory: { tags: sink.tags.toRecord() },
    hparams: sink.hparams,
    ...(sink.histograms === undefined ? {} : { histograms: sink.histograms.rows(sink.tags.names) }),
  };
}

import { decodeMessage, fieldsOf, itemsOf, numberOf, textOf, type Fields } from "./event-schema.js";
import type { HistogramSummary } from "./histogram-summary.js";
import { readHParams } from "./hparams.js";
import type { RecordSink } from "./record-sink.js";
import { scanHistogramProto } from "./scan-histogram.js";
import { pluginOf, settledKind, type ValueMember } from "./settle-tag.js";
import { tagKinds } from "./tag-table.js";
import { tensorHistogram } from "./tensor-histogram.js";
import { tensorScalar } from "./tensor-scalar.js";
import { WireBytes } from "./wire.js";

/** Takes one Event, as protobufjs reads it, into the sink; false (and nothing taken) where the bytes are no Event. */
export function decodeEvent(bytes: Uint8Array, sink: RecordSink): boolean {
  const event = decodeMessage("Event", bytes);
  if (event === undefined) return false;
  sink.histograms?.beginRecord();
  const moment = { step: clampedStep(event["step"]), wallTime: numberOf(event["wallTime"]) };
  for (const value of itemsOf(fieldsOf(event["summary"])["value"])) takeValue(fieldsOf(value), moment, sink);
  return true;
}

interface Moment {
  readonly step: number;
  readonly wallTime: number;
}

function takeValue(value: Fields, moment: Moment, sink: RecordSink): void {
  const tag = textOf(value["tag"]);
  const metadata = fieldsOf(value["metadata"]);
  const pluginData = fieldsOf(metadata["pluginData"]);
  const plugin = textOf(pluginData["pluginName"]);
  if (plugin === "hparams" && tag === "_hparams_/session_start_info") {
    sink.leftOut.hparams += readHParams(pluginData["content"], sink.hparams);
  }
  const ordinal = sink.tags.internName(tag);
  if (ordinal < 0) {
    sink.leaveOut(ordinal);
    return;
  }
  let kind = sink.tags.kinds[ordinal] ?? tagKinds.unsettled;
  if (kind === tagKinds.unsettled) {
    const evidence = { member: memberOf(value), dataClass: numberOf(metadata["dataClass"]), plugin };
    kind = settledKind(evidence);
    sink.tags.settle(ordinal, kind);
    if (kind === tagKinds.other) sink.tags.plugins.set(ordinal, pluginOf(evidence));
  }
  if (Number.isNaN(moment.wallTime)) return;
  if (kind === tagKinds.histogram && sink.histograms !== undefined) {
    const summary = histogramOf(value);
    const row = { tag: ordinal, ...moment, at: sink.points.length };
    if (summary !== undefined && !sink.histograms.push({ ...row, summary })) sink.leftOut.histograms += 1;
  }
  if (kind !== tagKinds.scalar) return;
  const scalar =
    typeof value["simpleValue"] === "number" ? value["simpleValue"] : tensorScalar(value["tensor"]);
  if (scalar !== undefined) sink.points.push(ordinal, moment.step, moment.wallTime, scalar);
}

function histogramOf({ histogram, tensor }: Fields): HistogramSummary | undefined {
  if (!(histogram instanceof Uint8Array)) return tensorHistogram(tensor);
  return scanHistogramProto(new WireBytes(histogram), 0, histogram.length);
}

function memberOf(value: Fields): ValueMember {
  if (value["simpleValue"] !== undefined) return "simple";
  if (value["tensor"] !== undefined) return "tensor";
  if (value["histogram"] !== undefined) return "histogram";
  if (value["image"] !== undefined) return "image";
  if (value["audio"] !== undefined) return "audio";
  return value["oldHistogram"] === undefined ? "none" : "obsolete";
}

/** Steps are int64; beyond 2^53 a double could not tell neighbours apart, so they stop there. */
function clampedStep(step: unknown): number {
  return Math.min(Math.max(numberOf(step), Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

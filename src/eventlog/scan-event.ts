import type { HistogramSummary } from "./histogram-summary.js";
import type { RecordSink } from "./record-sink.js";
import { scanHistogramProto, scanHistogramTensor } from "./scan-histogram.js";
import { scanMetadata, scanTensor, scanned } from "./scan-value-parts.js";
import { pluginOf, settledKind, type ValueMember } from "./settle-tag.js";
import { noTag, tagKinds } from "./tag-table.js";
import { isAscii, type WireBytes } from "./wire.js";

/**
 * Takes one Event from the wire format of the plain cases: fields once each, in any order. Answers false, with the sink
 * as it was, for whatever is rare, odd or broken; `decodeEvent` then has the say. A call a record: no objects are made.
 */
export function scanEvent(wire: WireBytes, end: number, sink: RecordSink): boolean {
  const { bytes } = wire;
  let wallTime = 0;
  let step = 0;
  let summary = -1;
  let summaryEnd = -1;
  let what = 0;
  while (wire.at < end) {
    const key = bytes[wire.at++] ?? 0;
    if (key === 0x09) {
      wallTime = wire.double();
    } else if (key === 0x10) {
      step = wire.varint();
      if (step < 0) return false;
    } else {
      const length = wire.varint();
      const stop = wire.at + length;
      if (length < 0 || stop > end) return false;
      if (key === 0x2a) {
        what += 1;
        summary = wire.at;
        summaryEnd = stop;
      } else if (key === 0x1a) {
        what += 1;
        if (!isAscii(bytes, wire.at, stop)) return false;
      } else if (key === 0x22 || key === 0x42 || key === 0x4a) {
        what += 1;
      } else if (key !== 0x52) {
        return false;
      }
      wire.at = stop;
    }
  }
  if (wire.at !== end || what > 1) return false;
  if (summary < 0 || summary === summaryEnd) return true;
  wire.at = summary;
  const { length } = sink.points;
  sink.histograms?.beginRecord();
  sink.step = step;
  sink.wallTime = wallTime;
  if (scanSummary(wire, summaryEnd, sink)) {
    if (settledHere.length > 0) settledHere.length = 0;
    return true;
  }
  sink.points.rollBack(length);
  sink.histograms?.rollBack();
  for (const ordinal of settledHere.splice(0)) {
    sink.tags.settle(ordinal, tagKinds.unsettled);
    sink.tags.plugins.delete(ordinal);
  }
  return false;
}

/** Tags settled by the record under way: taken back where it turns out odd. */
const settledHere: number[] = [];

function scanSummary(wire: WireBytes, end: number, sink: RecordSink): boolean {
  while (wire.at < end) {
    if (wire.bytes[wire.at++] !== 0x0a) return false;
    const length = wire.varint();
    const stop = wire.at + length;
    if (length < 0 || stop > end || !scanValue(wire, stop, sink)) return false;
    wire.at = stop;
  }
  return wire.at === end;
}

function scanValue(wire: WireBytes, end: number, sink: RecordSink): boolean {
  const { step, wallTime } = sink;
  const { bytes } = wire;
  let tag = -1;
  let tagEnd = -1;
  let payload = -1;
  let payloadEnd = -1;
  let metadata = -1;
  let metadataEnd = -1;
  let value = 0;
  let member: ValueMember = "none";
  while (wire.at < end) {
    const key = bytes[wire.at++] ?? 0;
    if (key === 0x15) {
      if (member !== "none") return false;
      member = "simple";
      value = wire.float();
      continue;
    }
    const length = wire.varint();
    const stop = wire.at + length;
    if (length < 0 || stop > end) return false;
    if (key === 0x0a) {
      if (tag >= 0) return false;
      tag = wire.at;
      tagEnd = stop;
    } else if (key === 0x42) {
      if (member !== "none") return false;
      member = "tensor";
      payload = wire.at;
      payloadEnd = stop;
    } else if (key === 0x4a) {
      if (metadata >= 0) return false;
      metadata = wire.at;
      metadataEnd = stop;
    } else if (key === 0x22 || key === 0x2a || key === 0x32) {
      if (member !== "none") return false;
      member = key === 0x2a ? "histogram" : key === 0x22 ? "image" : "audio";
      payload = wire.at;
      payloadEnd = stop;
    } else if (key !== 0x3a) {
      return false;
    }
    wire.at = stop;
  }
  if (wire.at !== end || tag < 0 || member === "none") return false;
  if (metadata >= 0 && !scanMetadata(wire, metadata, metadataEnd)) return false;
  if (member === "tensor" && !scanTensor(wire, payload, payloadEnd)) return false;
  const ordinal = sink.tags.intern(bytes, tag, tagEnd);
  if (ordinal === noTag.notUtf8) return false;
  if (ordinal < 0) {
    sink.leaveOut(ordinal);
    return true;
  }
  let kind = sink.tags.kinds[ordinal] ?? tagKinds.unsettled;
  if (kind === tagKinds.unsettled) {
    const evidence = {
      member,
      dataClass: metadata >= 0 ? scanned.dataClass : 0,
      plugin: metadata >= 0 ? scanned.plugin : "",
    };
    kind = settledKind(evidence);
    if (kind === tagKinds.other) sink.tags.plugins.set(ordinal, pluginOf(evidence));
    if (kind !== tagKinds.unsettled) {
      sink.tags.settle(ordinal, kind);
      settledHere.push(ordinal);
    }
  }
  if (kind !== tagKinds.scalar || Number.isNaN(wallTime)) {
    if (kind !== tagKinds.histogram || sink.histograms === undefined || Number.isNaN(wallTime)) return true;
    if (member !== "histogram" && member !== "tensor") return true;
    const summary =
      member === "histogram"
        ? scanHistogramProto(wire, payload, payloadEnd)
        : scanHistogramTensor(wire, payload, payloadEnd);
    return summary !== "odd" && takeHistogram(sink, ordinal, summary);
  }
  if (member === "simple") {
    sink.points.push(ordinal, step, wallTime, value);
  } else if (member === "tensor") {
    if (scanned.tensor === "other") return false;
    if (scanned.tensor === "scalar") sink.points.push(ordinal, step, wallTime, scanned.value);
  }
  return true;
}

function takeHistogram(sink: RecordSink, tag: number, summary: HistogramSummary | undefined): true {
  const { step, wallTime } = sink;
  const at = sink.points.length;
  if (summary !== undefined && sink.histograms?.push({ tag, step, wallTime, at, summary }) === false)
    sink.leftOut.histograms += 1;
  return true;
}

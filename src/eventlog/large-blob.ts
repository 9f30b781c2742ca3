import { decodeEvent } from "./decode-event.js";
import { framedField } from "./event-records.js";
import type { RecordSink } from "./record-sink.js";
import { scanEvent } from "./scan-event.js";
import { WireBytes } from "./wire.js";

/** Data of more bytes is not looked at where it is one graph, image, histogram or tensor: neither its payload nor its sum. */
export const blobBytes = 64 * 1024;

/** Histograms up to here are read where they are asked for. */
const histogramBytes = 1024 * 1024;

/** Bytes of a record that are looked at, from its front and behind its payload. */
export const blobWindow = 4_096;

/** Keys of Event's members that are opaque bytes: graph_def, tagged_run_metadata (a message), meta_graph_def. */
const opaqueKeys: ReadonlySet<number> = new Set([0x22, 0x42, 0x4a]);
/** Keys of Value's members that are no scalar at this size: image, histogram, audio, tensor. */
const payloadKeys: ReadonlySet<number> = new Set([0x22, 0x2a, 0x32, 0x42]);
/** Those that may be a histogram. */
const histogramKeys: ReadonlySet<number> = new Set([0x2a, 0x42]);

/** The data of a record somewhere: its length, and how to get a few of its bytes. */
export interface DataSpan {
  readonly length: number;
  /** Bytes at a distance from the data's beginning, at most `blobWindow` of them: from its front or its end. */
  readAt(from: number, length: number): Uint8Array;
}

/** Takes a large record that is no more than a blob by its front and its end; false, and nothing taken, where it must be read. */
export function takeBlob(span: DataSpan, sink: RecordSink): boolean {
  const blob = withoutPayload(span, sink.histograms !== undefined && span.length <= histogramBytes);
  return blob !== undefined && (scanEvent(new WireBytes(blob), blob.length, sink) || decodeEvent(blob, sink));
}

/**
 * A large record that is one graph, image, histogram or tensor and nothing else, told from its front alone: the same
 * Event with its payload left out (empty for a graph). Undefined where it may hold scalars.
 */
function withoutPayload(span: DataSpan, wantsHistograms: boolean): Uint8Array | undefined {
  const front = span.readAt(0, Math.min(blobWindow, span.length));
  const wire = new WireBytes(front);
  const member = eventMember(wire);
  if (member === undefined || member.end !== span.length) return undefined;
  if (opaqueKeys.has(member.key)) return new Uint8Array(0);
  if (member.key !== 0x2a) return undefined;
  const value = nextField(wire);
  if (value?.key !== 0x0a || value.end !== span.length) return undefined;
  const valueStart = wire.at;
  for (;;) {
    const fieldStart = wire.at;
    const field = nextField(wire);
    if (field === undefined || field.end > span.length) return undefined;
    if (!payloadKeys.has(field.key)) {
      if (field.end > front.length) return undefined;
      wire.at = field.end;
      continue;
    }
    const isWanted = wantsHistograms && histogramKeys.has(field.key);
    if (isWanted || span.length - field.end > blobWindow) return undefined;
    // A tensor keeps its type, so that it is still a tensor of no number.
    const isTyped = field.key === 0x42 && front[wire.at] === 0x08;
    const kept = isTyped ? front.subarray(wire.at, wire.at + 2) : new Uint8Array(0);
    const fields = Buffer.concat([
      front.subarray(valueStart, fieldStart),
      framedField(field.key, kept),
      span.readAt(field.end, span.length - field.end),
    ]);
    return framedField(0x2a, framedField(0x0a, fields));
  }
}

interface Field {
  readonly key: number;
  readonly end: number;
}

/** The first field behind wall time and step. */
function eventMember(wire: WireBytes): Field | undefined {
  for (;;) {
    const key = wire.bytes[wire.at];
    if (key === 0x09) wire.at += 9;
    else if (key === 0x10) {
      wire.at += 1;
      if (wire.varint() < 0) return undefined;
    } else return nextField(wire);
  }
}

/** The key and end of a length-delimited field; reading goes on at its content. */
function nextField(wire: WireBytes): Field | undefined {
  const key = wire.bytes[wire.at++];
  if (key === undefined || key > 127 || (key & 7) !== 2) return undefined;
  const length = wire.varint();
  return length < 0 || wire.at > wire.bytes.length ? undefined : { key, end: wire.at + length };
}

import { maskedCrc32c } from "./crc32c.js";

/** A scalar as a writer stores it: `tf2` is a rank-0 tensor with plugin metadata, `tf1` a `simple_value` (PyTorch, tensorboardX). */
export interface ScalarRecord {
  readonly wallTime: number;
  readonly step: number;
  readonly tag: string;
  readonly value: number;
  readonly style: "tf2" | "tf1";
}

/** One framed record (length, checksum, Event, checksum) that holds one scalar as float32. */
export function scalarRecord(scalar: ScalarRecord): Buffer {
  const tag = framedField(0x0a, Buffer.from(scalar.tag, "utf8"));
  const float = Buffer.alloc(4);
  float.writeFloatLE(scalar.value);
  const value =
    scalar.style === "tf1"
      ? Buffer.concat([tag, Buffer.from([0x15]), float])
      : Buffer.concat([tag, tensorStart, float, scalarsMetadata]);
  return framed(
    Buffer.concat([
      wallTimeField(scalar.wallTime),
      stepField(scalar.step),
      framedField(0x2a, framedField(0x0a, value)),
    ]),
  );
}

/** The record every writer begins a file with. */
export function fileVersionRecord(wallTime: number): Buffer {
  return framed(Buffer.concat([wallTimeField(wallTime), framedField(0x1a, Buffer.from("brain.Event:2"))]));
}

/** TFRecord framing: u64 length, masked sum of the length, data, masked sum of the data, little endian. */
export function framed(data: Uint8Array): Buffer {
  const record = Buffer.alloc(data.length + 16);
  record.writeUInt32LE(data.length, 0);
  record.writeUInt32LE(maskedCrc32c(record, 0, 8), 8);
  record.set(data, 12);
  record.writeUInt32LE(maskedCrc32c(data, 0, data.length), 12 + data.length);
  return record;
}

/** Tensor { dtype: float, shape: [], content: 4 bytes that follow }. */
const tensorStart = Buffer.from([0x42, 0x0a, 0x08, 0x01, 0x12, 0x00, 0x22, 0x04]);
const scalarsMetadata = framedField(0x4a, framedField(0x0a, framedField(0x0a, Buffer.from("scalars"))));

function wallTimeField(wallTime: number): Buffer {
  const field = Buffer.alloc(9);
  field[0] = 0x09;
  field.writeDoubleLE(wallTime, 1);
  return field;
}

function stepField(step: number): Buffer {
  return Buffer.from([0x10, ...varint(BigInt.asUintN(64, BigInt(step)))]);
}

/** A length-delimited field: key, length, content. */
export function framedField(key: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([key, ...varint(BigInt(content.length))]), content]);
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return bytes;
}

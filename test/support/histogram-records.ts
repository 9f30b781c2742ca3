import { framed, framedField } from "../../src/eventlog/event-records.js";

interface Where {
  readonly tag: string;
  readonly step: number;
  readonly wallTime: number;
}

export interface TensorHistogram extends Where {
  /** Left, right, count. */
  readonly rows: readonly (readonly [left: number, right: number, count: number])[];
  readonly type?: "float" | "double";
  readonly columns?: number;
  /** The number of rows the shape tells, where it lies. */
  readonly claimed?: number;
}

/** A framed record as `tf.summary.histogram` writes it. */
export function tensorHistogram(histogram: TensorHistogram): Buffer {
  const { rows, type = "double", columns = 3, claimed = rows.length } = histogram;
  const content = type === "float" ? new Float32Array(rows.flat()) : new Float64Array(rows.flat());
  const tensor = Buffer.concat([
    Buffer.from([0x08, type === "float" ? 1 : 2]),
    framedField(0x12, Buffer.concat([dimension(claimed), dimension(columns)])),
    framedField(0x22, new Uint8Array(content.buffer)),
  ]);
  const metadata = framedField(0x0a, framedField(0x0a, Buffer.from("histograms")));
  return record(histogram, Buffer.concat([framedField(0x42, tensor), framedField(0x4a, metadata)]));
}

export interface ProtoHistogram extends Where {
  readonly min?: number;
  readonly max?: number;
  readonly num?: number;
  readonly sum?: number;
  readonly sumSquares?: number;
  readonly limits: readonly number[];
  readonly counts: readonly number[];
}

/** A framed record as PyTorch's `add_histogram` writes it. */
export function protoHistogram(histogram: ProtoHistogram): Buffer {
  const { min = 0, max = 0, num = 0, sum = 0, sumSquares = 0, limits, counts } = histogram;
  const numbers = [min, max, num, sum, sumSquares].map((number, index) =>
    Buffer.concat([Buffer.from([0x09 + index * 8]), doubles([number])]),
  );
  const lists = [framedField(0x32, doubles(limits)), framedField(0x3a, doubles(counts))];
  return record(histogram, framedField(0x2a, Buffer.concat([...numbers, ...lists])));
}

function record({ tag, step, wallTime }: Where, member: Uint8Array): Buffer {
  const value = framedField(0x0a, Buffer.concat([framedField(0x0a, Buffer.from(tag)), member]));
  const head = [Buffer.from([0x09]), doubles([wallTime]), Buffer.from([0x10]), varint(step)];
  return framed(Buffer.concat([...head, framedField(0x2a, value)]));
}

function dimension(size: number): Buffer {
  return framedField(0x12, Buffer.concat([Buffer.from([0x08]), varint(size)]));
}

function doubles(numbers: readonly number[]): Buffer {
  return Buffer.from(new Float64Array(numbers).buffer);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

import { fieldsOf, itemsOf, numberOf } from "./event-schema.js";

/**
 * Rule R10: the value of a tensor of exactly one element (rank 0, or all dimensions 1) of a numeric type, from its
 * little-endian content or its typed field; undefined for every other tensor.
 */
export function tensorScalar(message: unknown): number | undefined {
  const tensor = fieldsOf(message);
  const type = elementTypes.get(numberOf(tensor["dtype"]));
  if (type === undefined) return undefined;
  const dims = itemsOf(fieldsOf(tensor["shape"])["dims"]);
  if (dims.some((dim) => numberOf(fieldsOf(dim)["size"]) !== 1)) return undefined;
  const { content } = tensor;
  if (content instanceof Uint8Array && content.length > 0) {
    if (content.length !== type.bytes) return undefined;
    return type.read(new DataView(content.buffer, content.byteOffset, content.length));
  }
  const items = itemsOf(tensor[type.field]);
  if (items.length !== 1) return undefined;
  const item = numberOf(items[0]);
  return type.fromField === undefined ? item : type.fromField(item);
}

interface ElementType {
  readonly bytes: number;
  readonly field: string;
  read(content: DataView): number;
  /** Half floats travel as bit patterns in an integer field. */
  fromField?(item: number): number;
}

/** TensorFlow's DataType numbers. */
const elementTypes: ReadonlyMap<number, ElementType> = new Map<number, ElementType>([
  [1, { bytes: 4, field: "floats", read: (view) => view.getFloat32(0, true) }],
  [2, { bytes: 8, field: "doubles", read: (view) => view.getFloat64(0, true) }],
  [3, { bytes: 4, field: "ints", read: (view) => view.getInt32(0, true) }],
  [4, { bytes: 1, field: "ints", read: (view) => view.getUint8(0) }],
  [5, { bytes: 2, field: "ints", read: (view) => view.getInt16(0, true) }],
  [6, { bytes: 1, field: "ints", read: (view) => view.getInt8(0) }],
  [9, { bytes: 8, field: "longs", read: (view) => Number(view.getBigInt64(0, true)) }],
  [10, { bytes: 1, field: "booleans", read: (view) => (view.getUint8(0) === 0 ? 0 : 1) }],
  [
    14,
    {
      bytes: 2,
      field: "halves",
      read: (view) => bfloat16(view.getUint16(0, true)),
      fromField: bfloat16,
    },
  ],
  [17, { bytes: 2, field: "ints", read: (view) => view.getUint16(0, true) }],
  [19, { bytes: 2, field: "halves", read: (view) => half(view.getUint16(0, true)), fromField: half }],
  [22, { bytes: 4, field: "uints", read: (view) => view.getUint32(0, true) }],
  [23, { bytes: 8, field: "ulongs", read: (view) => Number(view.getBigUint64(0, true)) }],
]);

/** IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
function half(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The upper half of an IEEE 754 binary32. */
function bfloat16(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, (bits & 0xffff) * 65_536);
  return view.getFloat32(0);
}

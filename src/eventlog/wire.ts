/** A reading position in protobuf's wire format, over a buffer that is used again for every read. */
export class WireBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** An unsigned varint of at most 49 bits; negative where it is longer (and perhaps legal) or runs past the buffer. */
  varint(): number {
    const { bytes } = this;
    const first = bytes[this.at++] ?? 0;
    if (first < 128) return first;
    let value = first & 127;
    let scale = 128;
    for (let count = 1; count < 7; count += 1) {
      const byte = bytes[this.at++] ?? 255;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
    return -1;
  }

  /** Past the buffer's end: 0, and `at` beyond every end, which the caller checks. */
  double(): number {
    const at = this.at;
    this.at = at + 8;
    return at + 8 <= this.bytes.length ? this.view.getFloat64(at, true) : 0;
  }

  float(): number {
    const at = this.at;
    this.at = at + 4;
    return at + 4 <= this.bytes.length ? this.view.getFloat32(at, true) : 0;
  }
}

export function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if ((bytes[at] ?? 128) > 127) return false;
  return true;
}

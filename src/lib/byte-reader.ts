/** Reads what ByteWriter packed; running past the end throws a RangeError, which callers take as 'no memory'. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(): number {
    this.#offset += 1;
    return this.#view.getUint8(this.#offset - 1);
  }

  u32(): number {
    this.#offset += 4;
    return this.#view.getUint32(this.#offset - 4, true);
  }

  f64(): number {
    this.#offset += 8;
    return this.#view.getFloat64(this.#offset - 8, true);
  }

  /** A view of the bytes, not a copy. */
  block(): Uint8Array {
    const length = this.u32();
    if (this.#offset + length > this.#bytes.length) throw new RangeError("a block runs past the end");
    this.#offset += length;
    return this.#bytes.subarray(this.#offset - length, this.#offset);
  }

  text(): string {
    return Buffer.from(this.block()).toString("utf8");
  }

  get done(): boolean {
    return this.#offset >= this.#bytes.length;
  }
}

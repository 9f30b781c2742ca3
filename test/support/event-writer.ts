import {
  EventFileWriter as ProductWriter,
  type EventFileWriterOptions,
} from "../../src/eventlog/event-file-writer.js";

export { framed, scalarRecord } from "../../src/eventlog/event-records.js";

/** The product's own writer for tests: real framing, points reach the file on `flush`. */
export class EventFileWriter {
  readonly path: string;
  readonly #writer: ProductWriter;

  constructor(directory: string, options: EventFileWriterOptions) {
    this.#writer = new ProductWriter(directory, options);
    this.path = this.#writer.path;
  }

  // eslint-disable-next-line max-params -- the argument order of every TensorBoard writer
  add(tag: string, step: number, value: number, wallTime: number): void {
    this.#writer.scalar(tag, step, value, wallTime);
  }

  /** Bytes of records made elsewhere, broken ones too. */
  record(bytes: Buffer): void {
    this.#writer.record(bytes);
  }

  flush(): void {
    this.#writer.flush();
  }

  close(): void {
    this.#writer.close();
  }
}

/** Points of one tag, a second apart from `wallTime` on, at steps 0, 1, 2 … */
export function writeCurve(
  writer: EventFileWriter,
  curve: { readonly tag: string; readonly wallTime: number; readonly values: readonly number[] },
): void {
  curve.values.forEach((value, step) => writer.add(curve.tag, step, value, curve.wallTime + step));
  writer.flush();
}

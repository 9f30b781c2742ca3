import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileVersionRecord, scalarRecord } from "./event-records.js";

export interface EventFileWriterOptions {
  /** Seconds since 1970: names the file and dates its first record. */
  readonly wallTime: number;
  readonly hostname?: string;
  /** Tells files of one second and host apart. */
  readonly suffix?: string;
  readonly style?: "tf2" | "tf1";
}

/** Writes one event file as TensorFlow's own writer does; bytes reach the file on `flush` and `close`. */
export class EventFileWriter {
  readonly path: string;
  readonly #style: "tf2" | "tf1";
  readonly #file: number;
  #pending: Buffer[];
  #open = true;

  constructor(directory: string, options: EventFileWriterOptions) {
    mkdirSync(directory, { recursive: true });
    const seconds = String(Math.floor(options.wallTime)).padStart(10, "0");
    const name = `events.out.tfevents.${seconds}.${options.hostname ?? "localhost"}${options.suffix ?? ""}`;
    this.path = join(directory, name);
    this.#style = options.style ?? "tf2";
    this.#file = openSync(this.path, "a");
    this.#pending = [fileVersionRecord(options.wallTime)];
    this.flush();
  }

  // eslint-disable-next-line max-params -- the argument order of every TensorBoard writer
  scalar(tag: string, step: number, value: number, wallTime: number): void {
    this.#pending.push(scalarRecord({ tag, step, value, wallTime, style: this.#style }));
  }

  /** Appends a record made elsewhere. */
  record(bytes: Buffer): void {
    this.#pending.push(bytes);
  }

  flush(): void {
    if (this.#pending.length === 0) return;
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    for (let written = 0; written < bytes.length;) written += writeSync(this.#file, bytes, written);
  }

  close(): void {
    if (!this.#open) return;
    this.flush();
    this.#open = false;
    closeSync(this.#file);
  }
}

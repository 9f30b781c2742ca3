import { mkdirSync } from "node:fs";
import { EventFileWriter } from "../../src/eventlog/event-file-writer.js";

/** One growing run; every call is flushed like a trainer's log line. */
export class Training {
  readonly #writer: EventFileWriter;
  readonly #start: number;
  #step = 0;

  constructor(folder: string, now: number) {
    mkdirSync(folder, { recursive: true });
    this.#start = now / 1_000;
    this.#writer = new EventFileWriter(folder, { wallTime: this.#start });
  }

  log(tag: string, values: readonly number[]): void {
    for (const value of values) {
      this.#step += 1;
      this.#writer.scalar(tag, this.#step, value, this.#start + this.#step);
    }
    this.#writer.flush();
  }
}

import type { ByteReader } from "../lib/byte-reader.js";
import type { ByteWriter } from "../lib/byte-writer.js";
import type { Verdict } from "./rule.js";
import { allWell, cleared } from "./verdicts.js";

/** The breach that stands, if one does: since which step, and the limit its end is measured by. */
export class Standing {
  #since = NaN;
  limit = NaN;
  /** Points since it began, or whatever else the rule counts while it stands. */
  points = 0;

  get isOpen(): boolean {
    return !Number.isNaN(this.#since);
  }

  open(step: number, limit = NaN): void {
    this.#since = step;
    this.limit = limit;
    this.points = 0;
  }

  close(): Verdict {
    this.#since = NaN;
    return cleared;
  }

  /** A breach whose evidence a restart took away ends with it. */
  reset(step: number): Verdict {
    return this.#since >= step ? this.close() : allWell;
  }

  write(writer: ByteWriter): void {
    writer.f64(this.#since).f64(this.limit).f64(this.points);
  }

  read(reader: ByteReader): void {
    this.#since = reader.f64();
    this.limit = reader.f64();
    this.points = reader.f64();
  }
}

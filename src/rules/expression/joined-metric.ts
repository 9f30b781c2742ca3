import type { ByteReader } from "../../lib/byte-reader.js";
import type { ByteWriter } from "../../lib/byte-writer.js";
import { MetricWindow, windowBytes } from "./metric-window.js";

/** Points beyond its window that a metric of a join keeps while others lag. */
export const joinSlack = 256;
/** Longest split and tag, in UTF-16 units each, of a series that can be joined. */
export const longestSeriesName = 500;

/** Upper bound of a joined metric's memory in bytes. */
export function joinedMetricBytes(span: number): number {
  return 1 + 2 * (4 + 3 * longestSeriesName) + 16 + windowBytes(span + joinSlack);
}

/** One metric of a join: the series it stands for, once one was seen, and its newest points. */
export class JoinedMetric {
  readonly window: MetricWindow;
  #series: { readonly split: string; readonly tag: string } | undefined;
  #lastStep = -Infinity;
  #lastValue = NaN;

  constructor(span: number) {
    this.window = new MetricWindow(span + joinSlack);
  }

  get series(): { readonly split: string; readonly tag: string } | undefined {
    return this.#series;
  }

  bind(split: string, tag: string): void {
    this.#series = { split, tag };
  }

  /** What a point means for what is held; `again` is one that says what is known already. */
  look(step: number, value: number): "next" | "again" | "replaces" | "back" {
    const before = this.#lastStep;
    const known = Object.is(value, this.#lastValue);
    this.#lastStep = step;
    this.#lastValue = value;
    if (step > before) return "next";
    if (step < before) return "back";
    return known ? "again" : "replaces";
  }

  /**
   * The point that goes with one of a partner at this step and wall time, as its place in the window: the newest where it
   * is of the same step, else the nearest by wall time once there is one at or after it. Undefined: wait.
   */
  partnerOf(step: number, wallTime: number): number | undefined {
    const { window } = this;
    if (window.length === 0) return undefined;
    if (window.step(0) === step) return 0;
    if (window.wallTime(0) < wallTime) return undefined;
    let back = 0;
    while (back + 1 < window.length && window.wallTime(back + 1) >= wallTime) back += 1;
    if (back + 1 === window.length) return back;
    const after = window.wallTime(back) - wallTime;
    return wallTime - window.wallTime(back + 1) <= after ? back + 1 : back;
  }

  write(writer: ByteWriter): void {
    writer.u8(this.#series === undefined ? 0 : 1);
    if (this.#series !== undefined) writer.text(this.#series.split).text(this.#series.tag);
    writer.f64(this.#lastStep).f64(this.#lastValue);
    this.window.write(writer);
  }

  read(reader: ByteReader): void {
    if (reader.u8() === 1) this.#series = { split: reader.text(), tag: reader.text() };
    this.#lastStep = reader.f64();
    this.#lastValue = reader.f64();
    this.window.read(reader);
  }
}

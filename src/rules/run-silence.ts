import type { ByteReader } from "../lib/byte-reader.js";
import type { ByteWriter } from "../lib/byte-writer.js";
import { Cadence } from "../series/cadence.js";
import type { Point } from "../series/point.js";
import type { RunLength } from "./rule.js";
import type { RunSigns } from "./run-signs.js";

export const runSilenceBytes = 470;

/** How a run writes, how far it came and how far it means to come: what rules about its silence and its end share. Times in seconds by the writer's clock. */
export class RunSilence {
  readonly #cadence = new Cadence();
  /** Newest wall time; −Infinity before the first point. */
  newest = -Infinity;
  lastStep = 0;
  furthest = -Infinity;
  #stride = 0;
  #declared = NaN;
  /** Longest silence that was told and then ended: the run is used to it. */
  #forgiven = 0;
  /** Its directory says that it is over. */
  #isOver = false;

  get hasBegun(): boolean {
    return this.newest !== -Infinity;
  }

  /** Its directory says that it is over, or has said so until points came again. */
  get saysOver(): boolean {
    return this.#isOver;
  }

  /** Takes a point; seconds since the newest before it, not positive where that did not advance. */
  take({ step, wallTime }: Point): number {
    if (step > this.furthest) {
      if (this.furthest !== -Infinity) this.#stride = step - this.furthest;
      this.furthest = step;
    }
    this.lastStep = step;
    const gap = wallTime - this.newest;
    if (!(gap > 0)) return gap;
    if (this.hasBegun) this.#cadence.take(gap);
    this.newest = wallTime;
    this.#isOver = false;
    return gap;
  }

  forgive(silence: number): void {
    this.#forgiven = Math.max(this.#forgiven, silence);
  }

  declare({ steps }: RunLength): void {
    if (steps !== undefined && steps > 0) this.#declared = steps;
  }

  learn({ finished, failed }: RunSigns): void {
    this.#isOver = finished !== undefined || failed !== undefined;
  }

  /** Steps it means to take: what a person set, else what it declared; NaN where neither is known. */
  steps(chosen: number | undefined): number {
    return chosen ?? this.#declared;
  }

  /** The last logged step may lie up to one stride, or a hundredth of the way, before the end. */
  slack(steps: number): number {
    return Math.max(this.#stride, 0.01 * steps);
  }

  hasReached(steps: number): boolean {
    return this.furthest + this.slack(steps) >= steps;
  }

  /** How long silence must last to be strange. */
  strange({ min_silence, times }: { readonly min_silence: number; readonly times: number }): number {
    return Math.max(this.#cadence.strangeSilence(min_silence, times), 3 * this.#forgiven);
  }

  write(writer: ByteWriter): void {
    writer.f64(this.newest).f64(this.lastStep).f64(this.furthest).f64(this.#stride);
    writer
      .f64(this.#declared)
      .f64(this.#forgiven)
      .u8(this.#isOver ? 1 : 0);
    this.#cadence.write(writer);
  }

  read(reader: ByteReader): void {
    [this.newest, this.lastStep, this.furthest] = [reader.f64(), reader.f64(), reader.f64()];
    [this.#stride, this.#declared, this.#forgiven] = [reader.f64(), reader.f64(), reader.f64()];
    this.#isOver = reader.u8() === 1;
    this.#cadence.read(reader);
  }
}

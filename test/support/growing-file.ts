import type { LogRunCursor } from "../../src/eventlog/cursor.js";
import type { LogRunSlice } from "../../src/eventlog/log-source.js";
import { scalarRecord } from "../../src/eventlog/event-records.js";
import type { LogPlace } from "./log-places.js";

/** A record of the tag `loss`: step and value are the same number. */
export function lossAt(step: number): Buffer {
  return scalarRecord({ wallTime: 1_700_000_000 + step, step, tag: "loss", value: step, style: "tf2" });
}

export function lossesOf(from: number, to: number): Buffer {
  return Buffer.concat(Array.from({ length: to - from + 1 }, (_, index) => lossAt(from + index)));
}

/** A log run that a script writes while a reader follows it with a clock of its own: no time passes but by `wait`. */
export class FollowedRun {
  readonly place: LogPlace;
  readonly logRun: string;
  now = 1_700_000_000_000;
  #cursor: LogRunCursor | undefined;

  constructor(place: LogPlace, logRun = "run") {
    this.place = place;
    this.logRun = logRun;
  }

  path(name = "events.out.tfevents.1"): string {
    return `${this.logRun}/${name}`;
  }

  append(bytes: Uint8Array, name?: string): void {
    this.place.append(this.path(name), bytes, this.now);
  }

  write(bytes: Uint8Array, name?: string): void {
    this.place.write(this.path(name), bytes, this.now);
  }

  replace(bytes: Uint8Array, name?: string): void {
    this.place.replace(this.path(name), bytes, this.now);
  }

  truncate(size: number, name?: string): void {
    this.place.truncate(this.path(name), size, this.now);
  }

  remove(name?: string): void {
    this.place.remove(this.path(name));
  }

  wait(ms: number): void {
    this.now += ms;
  }

  /** Reads all there is; between two reads the cursor has been JSON, as in a store. */
  async read(): Promise<Followed> {
    const slices: LogRunSlice[] = [];
    for (let more = true; more; more = slices.at(-1)?.more ?? false) {
      const slice = await this.place.source.read({
        root: this.place.root,
        logRun: this.logRun,
        cursor: this.#cursor,
        atMostBytes: 1_000_000,
        now: this.now,
        patience: "live",
      });
      this.#cursor = JSON.parse(JSON.stringify(slice.cursor)) as LogRunCursor;
      slices.push(slice);
    }
    return {
      steps: slices.flatMap(({ points }) => [...points.step.subarray(0, points.length)]),
      damage: slices.flatMap(({ damage }) => damage.map(({ kind, offset }) => `${kind}@${offset}`)),
      replaced: slices.flatMap(({ replaced }) => replaced),
      lookAgainInMs: (slices.at(-1)?.lookAgainAt ?? Number.NaN) - this.now,
    };
  }

  dispose(): Promise<void> {
    return this.place.close();
  }
}

export interface Followed {
  readonly steps: readonly number[];
  readonly damage: readonly string[];
  readonly replaced: readonly string[];
  /** NaN where nothing is held. */
  readonly lookAgainInMs: number;
}

import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { LogRunCursor } from "../../src/eventlog/cursor.js";
import type { LogRunSlice, LogSource } from "../../src/eventlog/log-source.js";
import { openLogSource } from "../../src/eventlog/log-sources.js";
import { scalarRecord } from "../../src/eventlog/event-records.js";

/** A record of the tag `loss`: step and value are the same number. */
export function lossAt(step: number): Buffer {
  return scalarRecord({ wallTime: 1_700_000_000 + step, step, tag: "loss", value: step, style: "tf2" });
}

export function lossesOf(from: number, to: number): Buffer {
  return Buffer.concat(Array.from({ length: to - from + 1 }, (_, index) => lossAt(from + index)));
}

/** A log run that a script writes while a reader follows it with a clock of its own: no time passes but by `wait`. */
export class FollowedRun {
  readonly root = mkdtempSync(join(tmpdir(), "tensorbell-live-"));
  readonly source: LogSource = openLogSource(this.root);
  readonly logRun: string;
  now = 1_700_000_000_000;
  #cursor: LogRunCursor | undefined;

  constructor(logRun = "run") {
    this.logRun = logRun;
    mkdirSync(join(this.root, logRun), { recursive: true });
  }

  path(name = "events.out.tfevents.1"): string {
    return join(this.root, this.logRun, name);
  }

  append(bytes: Uint8Array, name?: string): void {
    appendFileSync(this.path(name), bytes);
    this.touch(name);
  }

  write(bytes: Uint8Array, name?: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), bytes);
    this.touch(name);
  }

  /** As rsync does: a new file renamed over the old one. */
  replace(bytes: Uint8Array, name?: string): void {
    writeFileSync(`${this.path(name)}.partial`, bytes);
    renameSync(`${this.path(name)}.partial`, this.path(name));
    this.touch(name);
  }

  truncate(size: number, name?: string): void {
    truncateSync(this.path(name), size);
    this.touch(name);
  }

  remove(name?: string): void {
    rmSync(this.path(name));
  }

  /** File times follow the script's clock, never the machine's. */
  touch(name?: string): void {
    utimesSync(this.path(name), this.now / 1_000, this.now / 1_000);
  }

  wait(ms: number): void {
    this.now += ms;
  }

  /** Reads all there is; between two reads the cursor has been JSON, as in a store. */
  async read(): Promise<Followed> {
    const slices: LogRunSlice[] = [];
    for (let more = true; more; more = slices.at(-1)?.more ?? false) {
      const slice = await this.source.read({
        root: this.root,
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

  dispose(): void {
    rmSync(this.root, { recursive: true });
  }
}

export interface Followed {
  readonly steps: readonly number[];
  readonly damage: readonly string[];
  readonly replaced: readonly string[];
  /** NaN where nothing is held. */
  readonly lookAgainInMs: number;
}

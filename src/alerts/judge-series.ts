import { ByteWriter } from "../lib/byte-writer.js";
import type { RunLength } from "../rules/rule.js";
import type { SeriesLabels } from "../series/labels.js";
import type { Point } from "../series/point.js";
import { RecentPoints } from "../series/recent-points.js";
import type { SeriesKey } from "../series/run.js";
import type { Episode } from "./episode.js";
import { readMemory } from "./judge-memory.js";
import { JudgeSlots, type SeriesInput } from "./judge-slots.js";
import type { JudgeContext } from "./slot-guard.js";
import { noSlots, readSlots, writeSlots } from "./slot-memory.js";

const version = 4;
/** Shared by series whose rules do not look back; nothing is ever put into it. */
const nothingKept = new RecentPoints();

/** The judge of one series: notices steps that go back, keeps the shared look-back, and feeds the rules. */
export class JudgeSeries {
  readonly input: SeriesInput;
  readonly #slots: JudgeSlots;
  readonly #past: RecentPoints;
  readonly #keepsPast: boolean;
  #lastStep = -Infinity;
  #lastValue = NaN;

  constructor(context: JudgeContext, labels: SeriesLabels, from: SeriesMemory) {
    const { split, tag } = labels;
    this.input = from.input ?? "scalars";
    const known = readMemory(from.memory, {
      version,
      read: (reader) => {
        const last = { step: reader.f64(), value: reader.f64() };
        const past = reader.u8() === 1 ? RecentPoints.read(reader) : undefined;
        return { last, past, slots: readSlots(reader, from.episodes) };
      },
      damaged: (error) => context.fail({ rule: "memory", split, tag, error }),
    });
    const remembered = known?.slots ?? { ...noSlots, episodes: from.episodes };
    this.#slots = new JudgeSlots(context, labels, { scope: "series", input: this.input, remembered });
    this.#keepsPast = this.#slots.looksBack;
    this.#past = this.#keepsPast ? (known?.past ?? new RecentPoints()) : nothingKept;
    if (known === undefined) return;
    this.#lastStep = known.last.step;
    this.#lastValue = known.last.value;
  }

  /** A step below the last one is a restart; the same step replaces its value, and does nothing where the value is the same. */
  observe(point: Point): void {
    const { step, value } = point;
    if (step <= this.#lastStep) {
      if (step === this.#lastStep) {
        if (Object.is(value, this.#lastValue)) return;
        this.#slots.replace(step);
      } else this.#slots.reset(step, point);
      this.#past.dropFrom(step);
    }
    this.#lastStep = step;
    this.#lastValue = value;
    if (this.#keepsPast && Number.isFinite(value)) this.#past.push(step, value);
    this.#slots.observe(point, this.#past);
  }

  declare(length: RunLength): void {
    this.#slots.declare(length);
  }

  episodes(): readonly Episode[] {
    return this.#slots.episodes();
  }

  /** At most 2.3 kB (3.3 kB where every value was tamed) and the rules' own bounds. */
  memory(): Uint8Array {
    const writer = new ByteWriter(this.#keepsPast ? 2_048 : 128).u8(version);
    writer
      .f64(this.#lastStep)
      .f64(this.#lastValue)
      .u8(this.#keepsPast ? 1 : 0);
    if (this.#keepsPast) this.#past.write(writer);
    writeSlots(writer, this.#slots.remember());
    return writer.finish();
  }
}

/** A series of a run with its judge; `changed` since its memory was last written. */
export interface JudgedSeries {
  readonly key: SeriesKey;
  labels: SeriesLabels;
  judge: JudgeSeries;
  changed: boolean;
  /** Its values are the length of the run: some trainers write it as a metric. */
  readonly declares: boolean;
}

export interface SeriesMemory {
  readonly memory: Uint8Array | undefined;
  readonly episodes: readonly Episode[];
  readonly input?: SeriesInput;
}

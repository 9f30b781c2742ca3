import { z } from "zod";
import { ByteWriter } from "../../lib/byte-writer.js";
import { formatNumber } from "../../message/format-number.js";
import type { SeriesLabels } from "../../series/labels.js";
import type { Point } from "../../series/point.js";
import type { SeriesPast } from "../../series/recent-points.js";
import { SortedWindow } from "../../series/sorted-window.js";
import { recall } from "../detector-memory.js";
import { enabled } from "../on-or-off.js";
import type { Detector, DetectorMemory, Rule, Verdict } from "../rule.js";
import { SpeedSource, speedSourceBytes } from "../speed-source.js";
import { Standing } from "../standing.js";
import { allWell, cleared } from "../verdicts.js";

const settings = z.strictObject({
  enabled,
  share: z.number().min(0).max(1).default(0.5).describe("Slow is below this share of the usual speed."),
  count: z.int().min(1).max(100).default(5).describe("Points in a row."),
  clear: z.number().min(0).max(1).default(0.75).describe("Above this share of the usual speed it is over."),
});
type Settings = z.output<typeof settings>;

const recent = 6;
const usual = 50;
const kept = recent + usual;
/** First speeds of a run that tell nothing: compilers and queues that fill make them far too slow or too fast. */
const startUp = 20;
const fewest = 20;
/** Points after which a speed that never came back is the usual one. */
const newSpeedAfter = 256;

/** The speed of a run (median of 6) below `share` of what was usual (median of the 50 before) for `count` points. */
export const throughputDrop: Rule<Settings> = {
  id: "throughput_drop",
  severity: "warning",
  settings,
  scope: "run",
  memoryBound: 64 + speedSourceBytes + 8 * kept,
  summary: {
    en: "A run has become much slower than it was.",
    zh: "运行速度明显变慢。",
  },
  say: ({ numbers }, locale) => {
    const { value = 0, usual: before = 0, count = 0 } = numbers;
    const [now, was] = [formatNumber(value), formatNumber(before)];
    const share = before > 0 ? ((100 * value) / before).toFixed(0) : "0";
    return locale === "zh"
      ? `速度降至平时的 ${share}%：每秒 ${now}，此前每秒 ${was}（连续 ${count} 个点）`
      : `runs at ${share} % of its usual speed: ${now} a second, was ${was} (${count} points in a row)`;
  },
  appliesTo: () => true,
  detector: (chosen, _labels, memory) => new ThroughputDropDetector(chosen, memory),
};

const version = 1;

class ThroughputDropDetector implements Detector {
  readonly #settings: Settings;
  readonly #source = new SpeedSource();
  readonly #standing = new Standing();
  /** The newest speeds, oldest first; the last few are what is compared with those before. */
  readonly #speeds: number[] = [];
  readonly #usual = new SortedWindow(usual);
  #slow = 0;
  /** Speeds of the start, counted up to its end. */
  #begun = 0;

  constructor(chosen: Settings, memory: DetectorMemory | undefined) {
    this.#settings = chosen;
    recall(memory, version, (reader) => {
      this.#source.read(reader);
      this.#standing.read(reader);
      [this.#slow, this.#begun] = [reader.u32(), reader.u8()];
      for (let left = reader.u8(); left > 0; left -= 1) this.#push(reader.f64());
    });
  }

  observe(point: Point, _past: SeriesPast, series: SeriesLabels): Verdict {
    const before = this.#source.chosen;
    const speed = this.#source.take(point, series);
    if (this.#source.chosen !== before) return this.#startAnew();
    if (Number.isNaN(speed)) return allWell;
    if (this.#begun < startUp) {
      this.#begun += 1;
      return allWell;
    }
    this.#push(speed);
    if (this.#speeds.length < fewest) return allWell;
    return this.#standing.isOpen ? this.#follow() : this.#judge(point, series);
  }

  /** Time goes on where steps go back. */
  reset(): Verdict {
    return allWell;
  }

  memory(): DetectorMemory {
    const writer = new ByteWriter(1_024).u8(version);
    this.#source.write(writer);
    this.#standing.write(writer);
    writer.u32(this.#slow).u8(this.#begun).u8(this.#speeds.length);
    for (const speed of this.#speeds) writer.f64(speed);
    return writer.finish();
  }

  #push(speed: number): void {
    if (this.#speeds.length === kept) this.#usual.remove(this.#speeds.shift() ?? NaN);
    this.#speeds.push(speed);
    const settled = this.#speeds.length - 1 - recent;
    if (settled >= 0) this.#usual.add(this.#speeds[settled] ?? NaN);
  }

  #judge({ step, wallTime }: Point, { split, tag }: SeriesLabels): Verdict {
    const before = this.#usual.median();
    const limit = this.#settings.share * before;
    const value = this.#recentBelow(limit);
    this.#slow = value < limit ? this.#slow + 1 : 0;
    if (this.#slow < this.#settings.count) return allWell;
    this.#slow = 0;
    this.#standing.open(step, before);
    const numbers = { value, usual: before, count: this.#settings.count, limit, since: wallTime };
    return { kind: "breach", evidence: { numbers, to: step, about: { split, tag } } };
  }

  #follow(): Verdict {
    this.#standing.points += 1;
    const isOver =
      this.#recentBelow(Infinity) > this.#settings.clear * this.#standing.limit ||
      this.#standing.points >= newSpeedAfter;
    return isOver ? this.#standing.close() : allWell;
  }

  /** The median of the newest speeds, or Infinity where it surely lies above the limit: fewer than half are below. */
  #recentBelow(limit: number): number {
    let below = 0;
    for (let i = this.#speeds.length - recent; i < this.#speeds.length; i += 1)
      if ((this.#speeds[i] ?? 0) < limit) below += 1;
    if (below < recent / 2) return Infinity;
    const newest = this.#speeds.slice(-recent).sort((one, other) => one - other);
    return ((newest[recent / 2 - 1] ?? NaN) + (newest[recent / 2] ?? NaN)) / 2;
  }

  #startAnew(): Verdict {
    this.#speeds.length = 0;
    this.#usual.clear();
    this.#slow = 0;
    if (!this.#standing.isOpen) return allWell;
    this.#standing.close();
    return cleared;
  }
}

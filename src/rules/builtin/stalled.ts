import { z } from "zod";
import { ByteWriter } from "../../lib/byte-writer.js";
import { formatDuration } from "../../lib/duration.js";
import { formatCount } from "../../message/format-number.js";
import { Cadence } from "../../series/cadence.js";
import type { Point } from "../../series/point.js";
import { recall } from "../detector-memory.js";
import type { Detector, DetectorMemory, Rule, RunLength, Verdict } from "../rule.js";
import { allWell, cleared } from "../verdicts.js";

const settings = z.strictObject({
  enabled: z.boolean().default(true).describe("Whether the rule judges at all."),
  min_silence: z.number().min(1).default(1_800).describe("Seconds of silence that are never strange."),
  times: z.number().min(1).default(5).describe("How many usual pauses (95th percentile) are strange."),
  max_steps: z
    .number()
    .positive()
    .optional()
    .describe("Steps the run is to reach, where it does not say so itself."),
});
type Settings = z.output<typeof settings>;

/**
 * Silence of a whole run: now − last point > max(min_silence, times · p95(gaps), 3 · longest gap), by the run's own
 * clock; before 20 gaps min_silence alone, and three times what was told before and was none: a run of hour-long epochs is asked about once.
 */
export const stalled: Rule<Settings> = {
  id: "stalled",
  severity: "info",
  settings,
  scope: "run",
  memoryBound: 512,
  summary: {
    en: "The run has written nothing for far longer than usual.",
    zh: "运行长时间没有写入任何数据。",
  },
  say: ({ numbers }, locale) => {
    const { value = 0, last_step = 0, max_steps } = numbers;
    const quiet = formatDuration(value * 1_000, locale);
    const step = formatCount(last_step);
    if (max_steps === undefined) {
      return locale === "zh"
        ? `已静默 ${quiet}（最后一步 ${step}）：已结束还是卡住了？`
        : `quiet for ${quiet} since step ${step}: finished or stuck?`;
    }
    const of = formatCount(max_steps);
    return locale === "zh"
      ? `停滞：已静默 ${quiet}，停在第 ${step} 步（共 ${of} 步）`
      : `stalled: quiet for ${quiet} at step ${step} of ${of}`;
  },
  appliesTo: () => true,
  detector: (chosen, _labels, memory) => new StalledDetector(chosen, memory),
};

const version = 1;

class StalledDetector implements Detector {
  readonly #settings: Settings;
  readonly #cadence = new Cadence();
  /** Newest wall time; −Infinity before the first point. */
  #newest = -Infinity;
  #lastStep = 0;
  #furthest = -Infinity;
  #stride = 0;
  #declared = NaN;
  #quiet = false;
  /** Longest silence that was told and then ended: the run is used to it. */
  #forgiven = 0;

  constructor(chosen: Settings, memory: DetectorMemory | undefined) {
    this.#settings = chosen;
    recall(memory, version, (reader) => {
      this.#newest = reader.f64();
      this.#lastStep = reader.f64();
      this.#furthest = reader.f64();
      this.#stride = reader.f64();
      this.#declared = reader.f64();
      this.#quiet = reader.u8() === 1;
      this.#forgiven = reader.f64();
      this.#cadence.read(reader);
    });
  }

  observe({ step, wallTime }: Point): Verdict {
    if (step > this.#furthest) {
      if (this.#furthest !== -Infinity) this.#stride = step - this.#furthest;
      this.#furthest = step;
    }
    this.#lastStep = step;
    const gap = wallTime - this.#newest;
    if (gap > 0) {
      if (this.#newest !== -Infinity) this.#cadence.take(gap);
      this.#newest = wallTime;
    }
    if (!this.#quiet) return allWell;
    this.#quiet = false;
    this.#forgiven = Math.max(this.#forgiven, gap);
    return cleared;
  }

  /** A restart of one series is life, not silence. */
  reset(): Verdict {
    return allWell;
  }

  tick(now: number): Verdict {
    const due = this.deadline();
    if (due === undefined || now < due) return allWell;
    this.#quiet = true;
    const steps = this.#steps();
    const numbers = { value: now - this.#newest, since: this.#newest, last_step: this.#lastStep };
    return Number.isNaN(steps)
      ? { kind: "breach", severity: "info", evidence: { numbers } }
      : { kind: "breach", severity: "critical", evidence: { numbers: { ...numbers, max_steps: steps } } };
  }

  deadline(): number | undefined {
    if (this.#quiet || this.#newest === -Infinity || this.#isFinished()) return undefined;
    const { min_silence, times } = this.#settings;
    return this.#newest + Math.max(this.#cadence.strangeSilence(min_silence, times), 3 * this.#forgiven);
  }

  declare({ steps }: RunLength): void {
    if (steps !== undefined && steps > 0) this.#declared = steps;
  }

  memory(): DetectorMemory {
    const writer = new ByteWriter().u8(version).f64(this.#newest).f64(this.#lastStep).f64(this.#furthest);
    writer
      .f64(this.#stride)
      .f64(this.#declared)
      .u8(this.#quiet ? 1 : 0)
      .f64(this.#forgiven);
    this.#cadence.write(writer);
    return writer.finish();
  }

  #steps(): number {
    return this.#settings.max_steps ?? this.#declared;
  }

  /** The last logged step may lie up to one stride, or a hundredth of the way, before the end. */
  #isFinished(): boolean {
    const steps = this.#steps();
    return this.#furthest + Math.max(this.#stride, 0.01 * steps) >= steps;
  }
}

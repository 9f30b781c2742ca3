import { z } from "zod";
import { ByteWriter } from "../../lib/byte-writer.js";
import { formatDuration } from "../../lib/duration.js";
import { formatCount } from "../../message/format-number.js";
import type { Point } from "../../series/point.js";
import { recall } from "../detector-memory.js";
import type { Detector, DetectorMemory, Rule, RunLength, Verdict } from "../rule.js";
import { RunSilence } from "../run-silence.js";
import type { RunSigns } from "../run-signs.js";
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

const version = 2;

class StalledDetector implements Detector {
  readonly #settings: Settings;
  readonly #silence = new RunSilence();
  #quiet = false;

  constructor(chosen: Settings, memory: DetectorMemory | undefined) {
    this.#settings = chosen;
    recall(memory, version, (reader) => {
      this.#quiet = reader.u8() === 1;
      this.#silence.read(reader);
    });
  }

  observe(point: Point): Verdict {
    const gap = this.#silence.take(point);
    // What was written before the silence and is read late does not end it.
    if (!this.#quiet || !(gap > 0)) return allWell;
    this.#quiet = false;
    this.#silence.forgive(gap);
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
    const { newest, lastStep } = this.#silence;
    const numbers = { value: now - newest, since: newest, last_step: lastStep };
    return Number.isNaN(steps)
      ? { kind: "breach", severity: "info", evidence: { numbers } }
      : { kind: "breach", severity: "critical", evidence: { numbers: { ...numbers, max_steps: steps } } };
  }

  deadline(): number | undefined {
    const silence = this.#silence;
    if (this.#quiet || !silence.hasBegun || silence.saysOver || silence.hasReached(this.#steps()))
      return undefined;
    return silence.newest + silence.strange(this.#settings);
  }

  declare(length: RunLength): void {
    this.#silence.declare(length);
  }

  learn(signs: RunSigns): Verdict {
    this.#silence.learn(signs);
    if (!this.#quiet || !this.#silence.saysOver) return allWell;
    this.#quiet = false;
    return cleared;
  }

  memory(): DetectorMemory {
    const writer = new ByteWriter(512).u8(version).u8(this.#quiet ? 1 : 0);
    this.#silence.write(writer);
    return writer.finish();
  }

  #steps(): number {
    return this.#silence.steps(this.#settings.max_steps);
  }
}

import { z } from "zod";
import { ByteWriter } from "../../lib/byte-writer.js";
import { formatDuration } from "../../lib/duration.js";
import { formatCount } from "../../message/format-number.js";
import type { Point } from "../../series/point.js";
import { recall } from "../detector-memory.js";
import { enabled } from "../on-or-off.js";
import type { Detector, DetectorMemory, Rule, RunLength, Verdict } from "../rule.js";
import type { RunSigns } from "../run-signs.js";
import { RunSilence, runSilenceBytes } from "../run-silence.js";
import { allWell, cleared } from "../verdicts.js";

const settings = z.strictObject({
  enabled,
  min_silence: z.number().min(1).default(1_800).describe("Seconds of silence that are never strange."),
  times: z.number().min(1).default(5).describe("How many usual pauses (95th percentile) are strange."),
  windows: z.number().min(1).default(2).describe("Strange silences after which its state is unknown."),
});
type Settings = z.output<typeof settings>;

/** Silence twice as long as `stalled` waits, and no word of an end: nobody knows whether the run is over, stuck or gone. */
export const silent: Rule<Settings> = {
  id: "silent",
  severity: "info",
  settings,
  scope: "run",
  isState: true,
  memoryBound: runSilenceBytes + 16,
  summary: {
    en: "The run has been silent for so long that its state is unknown.",
    zh: "运行静默过久，状态未知。",
  },
  say: ({ numbers }, locale) => {
    const { value = 0, last_step = 0 } = numbers;
    const [quiet, step] = [formatDuration(value * 1_000, locale), formatCount(last_step)];
    return locale === "zh"
      ? `状态未知（静默）：自第 ${step} 步起已静默 ${quiet}`
      : `unknown (silent): nothing for ${quiet} since step ${step}`;
  },
  appliesTo: () => true,
  detector: (chosen, _labels, memory) => new SilentDetector(chosen, memory),
};

const version = 1;

class SilentDetector implements Detector {
  readonly #settings: Settings;
  readonly #silence = new RunSilence();
  #isOpen = false;

  constructor(chosen: Settings, memory: DetectorMemory | undefined) {
    this.#settings = chosen;
    recall(memory, version, (reader) => {
      this.#isOpen = reader.u8() === 1;
      this.#silence.read(reader);
    });
  }

  observe(point: Point): Verdict {
    const gap = this.#silence.take(point);
    if (!this.#isOpen || !(gap > 0)) return allWell;
    this.#silence.forgive(gap);
    return this.#close();
  }

  reset(): Verdict {
    return allWell;
  }

  tick(now: number): Verdict {
    const due = this.deadline();
    if (due === undefined || now < due) return allWell;
    this.#isOpen = true;
    const { newest, lastStep } = this.#silence;
    return {
      kind: "breach",
      evidence: { numbers: { value: now - newest, since: newest, last_step: lastStep } },
    };
  }

  deadline(): number | undefined {
    const silence = this.#silence;
    if (this.#isOpen || !silence.hasBegun || silence.saysOver) return undefined;
    if (silence.hasReached(silence.steps(undefined))) return undefined;
    return silence.newest + this.#settings.windows * silence.strange(this.#settings);
  }

  declare(length: RunLength): void {
    this.#silence.declare(length);
  }

  learn(signs: RunSigns): Verdict {
    this.#silence.learn(signs);
    return this.#isOpen && this.#silence.saysOver ? this.#close() : allWell;
  }

  memory(): DetectorMemory {
    const writer = new ByteWriter(512).u8(version).u8(this.#isOpen ? 1 : 0);
    this.#silence.write(writer);
    return writer.finish();
  }

  #close(): Verdict {
    this.#isOpen = false;
    return cleared;
  }
}

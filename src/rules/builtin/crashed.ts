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
  min_silence: z.number().min(1).default(1_800).describe("Seconds of silence that an error file must meet."),
  times: z.number().min(1).default(5).describe("Or so many usual pauses (95th percentile)."),
});
type Settings = z.output<typeof settings>;

/** How it is known: 1 a scheduler's word, 2 its lease is gone, 3 an error file and silence. */
const known = { failed: 1, lease: 2, error: 3 } as const;

/**
 * A run that broke off, told only by evidence beside its event files: a scheduler's state file says so; its pid or lease
 * file went although the declared length was not reached; or an error file stands and the run fell silent. Never from
 * silence alone.
 */
export const crashed: Rule<Settings> = {
  id: "crashed",
  severity: "critical",
  settings,
  scope: "run",
  memoryBound: runSilenceBytes + 16,
  summary: {
    en: "The run broke off, by what its directory says.",
    zh: "运行目录中的证据表明运行已中断。",
  },
  say: ({ numbers }, locale) => {
    const { by, last_step = 0, max_steps, silence = 0 } = numbers;
    const at = formatCount(last_step);
    const of = max_steps === undefined ? "" : formatCount(max_steps);
    const quiet = formatDuration(silence * 1_000, locale);
    if (locale === "zh") {
      if (by === known.failed) return `运行在第 ${at} 步失败：调度器状态文件如此记录`;
      if (by === known.lease) return `运行在第 ${at} 步中断（共 ${of} 步）：进程文件已消失`;
      return `运行在第 ${at} 步崩溃：存在错误文件，且已静默 ${quiet}`;
    }
    if (by === known.failed) return `crashed at step ${at}: the scheduler's state file says that it failed`;
    if (by === known.lease) return `crashed at step ${at} of ${of}: its pid or lease file is gone`;
    return `crashed at step ${at}: there is an error file, and it has been quiet for ${quiet}`;
  },
  appliesTo: () => true,
  detector: (chosen, _labels, memory) => new CrashedDetector(chosen, memory),
};

const version = 1;

class CrashedDetector implements Detector {
  readonly #settings: Settings;
  readonly #silence = new RunSilence();
  #isOpen = false;
  /** A lease was seen, and an error file stands. */
  #leased = false;
  #hasError = false;

  constructor(chosen: Settings, memory: DetectorMemory | undefined) {
    this.#settings = chosen;
    recall(memory, version, (reader) => {
      [this.#isOpen, this.#leased] = [reader.u8() === 1, reader.u8() === 1];
      this.#hasError = reader.u8() === 1;
      this.#silence.read(reader);
    });
  }

  observe(point: Point): Verdict {
    if (!(this.#silence.take(point) > 0)) return allWell;
    this.#hasError = false;
    if (!this.#isOpen) return allWell;
    this.#isOpen = false;
    return cleared;
  }

  reset(): Verdict {
    return allWell;
  }

  tick(now: number): Verdict {
    const due = this.deadline();
    return due === undefined || now < due ? allWell : this.#breach(known.error, now - this.#silence.newest);
  }

  /** When an error file turns from something that happened into the last thing that happened. */
  deadline(): number | undefined {
    const silence = this.#silence;
    if (this.#isOpen || !this.#hasError || !silence.hasBegun) return undefined;
    return silence.newest + silence.strange(this.#settings);
  }

  declare(length: RunLength): void {
    this.#silence.declare(length);
  }

  learn(signs: RunSigns): Verdict {
    const leaseWent = this.#leased && signs.leased !== true;
    this.#leased = signs.leased === true;
    this.#silence.learn(signs);
    this.#hasError = signs.error !== undefined && signs.finished === undefined;
    const steps = this.#silence.steps(undefined);
    if (signs.finished !== undefined || this.#silence.hasReached(steps)) {
      this.#hasError = false;
      if (!this.#isOpen) return allWell;
      this.#isOpen = false;
      return cleared;
    }
    if (this.#isOpen) return allWell;
    if (signs.failed !== undefined) return this.#breach(known.failed);
    return leaseWent && !Number.isNaN(steps) ? this.#breach(known.lease) : allWell;
  }

  memory(): DetectorMemory {
    const writer = new ByteWriter(512).u8(version);
    for (const flag of [this.#isOpen, this.#leased, this.#hasError]) writer.u8(flag ? 1 : 0);
    this.#silence.write(writer);
    return writer.finish();
  }

  #breach(by: number, quiet = 0): Verdict {
    this.#isOpen = true;
    const steps = this.#silence.steps(undefined);
    const numbers = { by, last_step: this.#silence.lastStep, silence: quiet };
    return {
      kind: "breach",
      evidence: { numbers: Number.isNaN(steps) ? numbers : { ...numbers, max_steps: steps } },
    };
  }
}

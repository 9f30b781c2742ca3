import { z } from "zod";
import { ByteWriter } from "../../lib/byte-writer.js";
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
  max_steps: z
    .number()
    .positive()
    .optional()
    .describe("Steps the run is to reach, where it does not say so itself."),
});
type Settings = z.output<typeof settings>;

/** The run reached its declared length, or a file beside its event files says that it is done; points beyond that end it. */
export const finished: Rule<Settings> = {
  id: "finished",
  severity: "info",
  settings,
  scope: "run",
  isState: true,
  memoryBound: runSilenceBytes + 32,
  summary: {
    en: "The run is over: it reached its length, or says so itself.",
    zh: "运行已结束：达到声明的长度，或自身表明已完成。",
  },
  say: ({ numbers }, locale) => {
    const { last_step = 0, max_steps } = numbers;
    const step = formatCount(last_step);
    if (max_steps === undefined)
      return locale === "zh"
        ? `已结束（第 ${step} 步）：有文件表明已完成`
        : `finished at step ${step}: a file says so`;
    const of = formatCount(max_steps);
    return locale === "zh" ? `已结束：第 ${step} 步，共 ${of} 步` : `finished: step ${step} of ${of}`;
  },
  appliesTo: () => true,
  detector: (chosen, _labels, memory) => new FinishedDetector(chosen, memory),
};

const version = 1;

class FinishedDetector implements Detector {
  readonly #settings: Settings;
  readonly #silence = new RunSilence();
  /** By its steps, or by a file. */
  #end: "none" | "steps" | "file" = "none";
  /** A declared length that was passed is none. */
  #passed = NaN;

  constructor(chosen: Settings, memory: DetectorMemory | undefined) {
    this.#settings = chosen;
    recall(memory, version, (reader) => {
      this.#end = ends[reader.u8()] ?? "none";
      this.#passed = reader.f64();
      this.#silence.read(reader);
    });
  }

  observe(point: Point): Verdict {
    const silence = this.#silence;
    const gap = silence.take(point);
    const steps = silence.steps(this.#settings.max_steps);
    if (this.#end === "file" && gap > 0) return this.#goOn();
    if (silence.furthest > steps + silence.slack(steps)) {
      this.#passed = steps;
      return this.#end === "steps" ? this.#goOn() : allWell;
    }
    if (this.#end !== "none" || steps === this.#passed || !silence.hasReached(steps)) return allWell;
    this.#end = "steps";
    return breach({ value: silence.furthest, last_step: silence.furthest, max_steps: steps });
  }

  /** Steps that go back before the end are a run that goes on. */
  reset(): Verdict {
    return allWell;
  }

  declare(length: RunLength): void {
    this.#silence.declare(length);
  }

  learn(signs: RunSigns): Verdict {
    if (this.#end !== "none" || signs.finished === undefined) return allWell;
    this.#end = "file";
    return breach({ last_step: this.#silence.furthest });
  }

  memory(): DetectorMemory {
    const writer = new ByteWriter(512).u8(version).u8(ends.indexOf(this.#end)).f64(this.#passed);
    this.#silence.write(writer);
    return writer.finish();
  }

  #goOn(): Verdict {
    this.#end = "none";
    return cleared;
  }
}

const ends = ["none", "steps", "file"] as const;

function breach(numbers: Readonly<Record<string, number>>): Verdict {
  return { kind: "breach", evidence: { numbers } };
}

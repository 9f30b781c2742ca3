import { ByteWriter } from "../../lib/byte-writer.js";
import type { Point } from "../../series/point.js";
import { recall } from "../detector-memory.js";
import type { Detector, DetectorMemory, Severity, Verdict } from "../rule.js";
import { allWell, cleared, notANumber } from "../verdicts.js";
import type { CompiledCondition } from "./compiled-condition.js";
import { evaluateCondition, type ReadAggregate } from "./evaluate-condition.js";
import { MetricWindow, windowBytes } from "./metric-window.js";
import { Patience, patienceBytes, type Span } from "./patience.js";

const version = 1;

/** Upper bound of a series detector's memory in bytes. */
export function seriesDetectorBytes({ fingerprint, spans }: CompiledCondition): number {
  return 1 + 4 + fingerprint.length + patienceBytes + windowBytes(spans[0] ?? 1);
}

export interface ConditionSettings {
  readonly condition: CompiledCondition;
  readonly span: Span;
  readonly severity: Severity;
}

/** Judges a condition over one metric, at every finite point of one series; windows count finite points. */
export class SeriesDetector implements Detector {
  readonly #settings: ConditionSettings;
  readonly #window: MetricWindow;
  readonly #patience: Patience;
  readonly #read: ReadAggregate;

  constructor(settings: ConditionSettings, memory?: DetectorMemory) {
    this.#settings = settings;
    this.#window = new MetricWindow(settings.condition.spans[0] ?? 1);
    this.#patience = new Patience(settings.span);
    this.#read = (node) => this.#window.aggregate(node, 0);
    recall(memory, version, (reader) => {
      if (reader.text() !== settings.condition.fingerprint) return;
      this.#patience.read(reader);
      this.#window.read(reader);
    });
  }

  observe({ step, wallTime, value }: Point): Verdict {
    if (!Number.isFinite(value)) {
      this.#patience.take(undefined, step, wallTime);
      return notANumber;
    }
    this.#window.push(step, wallTime, value);
    const { condition, severity } = this.#settings;
    const holds = evaluateCondition(condition.node, this.#read);
    const counts = this.#patience.take(holds, step, wallTime);
    if (holds === undefined) return tooEarly;
    if (!counts) return allWell;
    if (!holds) return cleared;
    return {
      kind: "breach",
      severity,
      evidence: condition.evidence(this.#read, { from: this.#patience.since, to: step }),
    };
  }

  reset(step: number): Verdict {
    this.#window.dropFrom(step);
    return this.#patience.restart(step) ? cleared : allWell;
  }

  replace(step: number): void {
    this.#window.dropFrom(step);
    this.#patience.undo();
  }

  memory(): DetectorMemory {
    const writer = new ByteWriter(128).u8(version).text(this.#settings.condition.fingerprint);
    this.#patience.write(writer);
    this.#window.write(writer);
    return writer.finish();
  }
}

/** The windows are not full yet, or a number has no finite value. */
export const tooEarly: Verdict = { kind: "no-data", reason: "too few points, or no finite value" };

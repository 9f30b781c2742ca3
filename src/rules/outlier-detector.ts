import { ByteWriter } from "../lib/byte-writer.js";
import type { Point } from "../series/point.js";
import type { SeriesPast } from "../series/recent-points.js";
import { recall } from "./detector-memory.js";
import type { Detector, DetectorMemory, Severity, Verdict } from "./rule.js";
import { Standing } from "./standing.js";
import { allWell } from "./verdicts.js";

/** A value that lies far outside, and what it was measured by. */
export interface Outlier {
  /** The usual value. */
  readonly level: number;
  readonly limit: number;
  /** Once the value is back here it is over. */
  readonly back: number;
  /** Distance from the level in units of the noise, where that was the measure. */
  readonly sigmas?: number;
  readonly severity?: Severity;
}

export interface OutlierRule {
  /** 1 where high values are bad, −1 where low ones are. */
  readonly sign: 1 | -1;
  /** Only asked for finite values while nothing stands. */
  judge(point: Point, past: SeriesPast): Outlier | undefined;
  /** Outliers in a row that fire. */
  readonly count?: number;
  /** After so many points that it is not over it is no spike but a divergence: told again, as critical. */
  readonly lastsFrom?: number;
}

/** Points after which a level that never went back is the new one, and the breach is over. */
const newLevelAfter = 256;
const version = 1;
/** Bytes of an outlier detector's memory. */
export const outlierMemory = 48;

/** Values far outside: fires on the first (or after `count` in a row), ends when the value is back, or has become the usual one. */
export class OutlierDetector implements Detector {
  readonly #rule: OutlierRule;
  readonly #standing = new Standing();
  #streak = 0;
  #level = 0;

  constructor(rule: OutlierRule, memory: DetectorMemory | undefined) {
    this.#rule = rule;
    recall(memory, version, (reader) => {
      this.#standing.read(reader);
      this.#streak = reader.u32();
      this.#level = reader.f64();
    });
  }

  observe(point: Point, past: SeriesPast): Verdict {
    if (!Number.isFinite(point.value)) return allWell;
    if (this.#standing.isOpen) return this.#follow(point);
    const outlier = this.#rule.judge(point, past);
    if (outlier === undefined) {
      this.#streak = 0;
      return allWell;
    }
    this.#streak += 1;
    if (this.#streak < (this.#rule.count ?? 1)) return allWell;
    return this.#breach(point, outlier, past);
  }

  reset(step: number): Verdict {
    this.#streak = 0;
    return this.#standing.reset(step);
  }

  replace(): void {
    this.#streak = Math.max(0, this.#streak - 1);
  }

  memory(): DetectorMemory {
    const writer = new ByteWriter().u8(version);
    this.#standing.write(writer);
    return writer.u32(this.#streak).f64(this.#level).finish();
  }

  #breach({ step, value }: Point, outlier: Outlier, past: SeriesPast): Verdict {
    const { level, limit, back, sigmas, severity } = outlier;
    const count = this.#streak;
    this.#streak = 0;
    this.#standing.open(step, back);
    this.#level = level;
    const numbers = { value, usual: level, limit, ...(count > 1 && { count }) };
    return {
      kind: "breach",
      evidence: {
        numbers: sigmas === undefined ? numbers : { ...numbers, sigmas },
        from: past.step(count),
        to: step,
        level: limit,
      },
      ...(severity !== undefined && { severity }),
    };
  }

  #follow({ step, value }: Point): Verdict {
    const { sign, lastsFrom } = this.#rule;
    const standing = this.#standing;
    standing.points += 1;
    if (sign * value < sign * standing.limit || standing.points >= newLevelAfter) return standing.close();
    if (standing.points !== lastsFrom) return allWell;
    return {
      kind: "breach",
      severity: "critical",
      evidence: { numbers: { value, usual: this.#level, lasted: lastsFrom }, to: step, level: this.#level },
    };
  }
}

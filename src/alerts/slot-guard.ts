import type { RuleSettings } from "../rules/effective-settings.js";
import type { Detector, DetectorMemory, Rule } from "../rules/rule.js";
import { allWell } from "../rules/verdicts.js";
import type { SeriesLabels } from "../series/labels.js";
import type { RunId } from "../series/run.js";
import type { Episode, Transition } from "./episode.js";
import type { EpisodeContext } from "./episode-machine.js";
import type { RuleClock } from "./rule-clock.js";
import type { RuleFailure } from "./rule-failure.js";
import { nameOfCode } from "./slot-memory.js";

/** What all judges of one run share. */
export interface JudgeContext {
  readonly run: RunId;
  readonly rules: readonly Rule[];
  readonly settings: RuleSettings;
  readonly transitions: Transition[];
  readonly clock: RuleClock;
  /** Rules that were too slow in this run, by `nameOfCode`. */
  readonly slow: ReadonlySet<string>;
  readonly fail: (failure: RuleFailure) => void;
}

/** One rule bound to what it judges. */
export interface Slot {
  readonly rule: Rule;
  readonly episodes: EpisodeContext;
  /** Every call is timed; of rules that are ours one in 64. */
  readonly isTimed: boolean;
  isAside: boolean;
  detector: Detector;
  episode: Episode | undefined;
  /** Numbers of the points at which it fired lately, oldest first. */
  fires: readonly number[];
}

/** Rules of ours cost what the benchmarks say; one point in so many is timed. */
export const sampledEvery = 64;

export const noMemory: DetectorMemory = new Uint8Array(0);

/** In the place of a detector that is set aside: says nothing more. */
export const quiet: Detector = { observe: () => allWell, reset: () => allWell, memory: () => noMemory };

/** Asks the detectors of one series, and sets those aside that throw or are too slow. */
export class SlotGuard {
  readonly #context: JudgeContext;
  readonly #labels: SeriesLabels;

  constructor(context: JudgeContext, labels: SeriesLabels) {
    this.#context = context;
    this.#labels = labels;
  }

  ask<T>(slot: Slot, question: (detector: Detector) => T, otherwise: T): T {
    if (slot.isTimed) return this.timed(slot, question, otherwise);
    try {
      return question(slot.detector);
    } catch (error) {
      this.setAside(slot, error);
      return otherwise;
    }
  }

  /** The same by the clock: a rule that is too slow here is asked nothing more in the whole run. */
  timed<T>(slot: Slot, question: (detector: Detector) => T, otherwise: T): T {
    const { rule, isTimed } = slot;
    if (slot.isAside || this.#context.slow.has(nameOfCode(rule))) {
      slot.detector = quiet;
      return otherwise;
    }
    const { split, tag } = this.#labels;
    const calls = isTimed ? 1 : sampledEvery;
    try {
      return this.#context.clock.time({ rule: rule.id, split, tag }, () => question(slot.detector), calls);
    } catch (error) {
      this.setAside(slot, error);
      return otherwise;
    }
  }

  setAside(slot: Slot, error: unknown): void {
    const { split, tag } = this.#labels;
    slot.detector = quiet;
    slot.isAside = true;
    this.#context.fail({ rule: slot.rule.id, split, tag, error });
  }
}

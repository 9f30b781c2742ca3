import { type RuleSettings, settingsOfRule } from "../rules/effective-settings.js";
import { ruleOf } from "../rules/rule-registry.js";
import { labelSeries } from "../series/label-series.js";
import { runIdOf } from "../series/run.js";
import {
  type Candidate,
  candidatesOf,
  firesUpTo,
  type Knob,
  type KnownRun,
  limitsBetween,
  reachedBy,
} from "./suggest-knob.js";
import { suggest, type Suggestion, type Trial } from "./suggest.js";
import { outcomeOf } from "./suggest-outcome.js";

/** What past runs say about one setting. */
export interface Study {
  readonly knob: Knob;
  /** From the most sensitive to the calmest. */
  readonly candidates: readonly Candidate[];
  readonly trials: readonly Trial[];
  readonly suggestion: Suggestion;
  /** Points in a row that a limit asks for. */
  readonly points: number;
}

/** Takes past runs one by one and keeps a number of each; the runs' points may go. */
export class SuggestStudy {
  readonly #knob: Knob;
  readonly #settings: RuleSettings;
  readonly #met: { readonly run: string; readonly ended: Trial["ended"]; readonly reached: number }[] = [];
  #candidates: readonly Candidate[] | undefined;
  #current: Candidate | undefined;
  #points = 1;

  constructor(knob: Knob, settings: RuleSettings) {
    this.#knob = knob;
    this.#settings = settings;
  }

  /** The run's series that the setting is about. */
  add(known: KnownRun): void {
    const candidates = this.#candidates ?? this.#begin(known);
    const reached =
      this.#knob.kind === "limit"
        ? reachedBy(known, this.#knob.op, this.#points)
        : firesUpTo(known, this.#knob, { candidates, settings: this.#settings });
    this.#met.push({ run: known.run.name, ended: this.#endOf(known), reached });
  }

  result(): Study {
    const knob = this.#knob;
    const candidates = knob.kind === "limit" ? this.#limits(knob.op) : (this.#candidates ?? []);
    const trials = this.#met.map(({ run, ended, reached }) => {
      if (knob.kind !== "limit") return { run, ended, firesUpTo: reached };
      const beyond = (limit: Candidate): boolean =>
        knob.op === ">" ? reached > Number(limit) : reached < Number(limit);
      const quiet = candidates.findIndex((limit) => !beyond(limit));
      return { run, ended, firesUpTo: quiet < 0 ? candidates.length : quiet };
    });
    const place = this.#current === undefined ? -1 : candidates.indexOf(this.#current);
    const suggestion = suggest(trials, candidates.length, place < 0 ? undefined : place);
    return { knob, candidates, trials, suggestion, points: this.#points };
  }

  #begin({ run, series }: KnownRun): readonly Candidate[] {
    const { rule, setting } = this.#knob;
    const [first] = series;
    const labels = labelSeries(
      { run, split: first?.split ?? "", tag: first?.tag ?? "" },
      this.#settings.metrics,
    );
    const effective = settingsOfRule({ settings: this.#settings, run: runIdOf(run), labels }, ruleOf(rule));
    const value = effective.settings["enabled"] === false ? undefined : effective.settings[setting];
    const points = effective.settings["for"];
    this.#current = typeof value === "number" || typeof value === "string" ? value : undefined;
    this.#points = typeof points === "number" ? points : 1;
    this.#candidates = candidatesOf(this.#knob, this.#current);
    return this.#candidates;
  }

  #limits(op: ">" | "<"): readonly number[] {
    const limits = limitsBetween(
      this.#met.map(({ reached }) => reached),
      op,
    );
    const own = typeof this.#current === "number" ? [this.#current] : [];
    return [...new Set([...limits, ...own])].sort((a, b) => (op === ">" ? a - b : b - a));
  }

  /** A run ended badly where one of its series did. */
  #endOf({ run, series }: KnownRun): Trial["ended"] {
    const ends = series.map(({ split, tag, points }) =>
      outcomeOf(points, labelSeries({ run, split, tag }, this.#settings.metrics).direction),
    );
    if (ends.includes("badly")) return "badly";
    return ends.includes("well") ? "well" : "unclear";
  }
}

import { type RuleSettings, settingsOfRule } from "../rules/effective-settings.js";
import type { Rule, RunLength } from "../rules/rule.js";
import { ruleIds, ruleOf } from "../rules/rule-registry.js";
import type { RunSigns } from "../rules/run-signs.js";
import { namesRunLength } from "../rules/run-length.js";
import { wantsHistograms } from "../rules/wants-histograms.js";
import { labelSeries } from "../series/label-series.js";
import type { SeriesLabels } from "../series/labels.js";
import type { Point } from "../series/point.js";
import { RecentPoints } from "../series/recent-points.js";
import { type Run, type RunId, runIdOf, type SeriesKey, seriesKeyOf, splitSeriesKey } from "../series/run.js";
import type { Episode, Transition } from "./episode.js";
import { resolveEpisode } from "./episode-machine.js";
import { type JudgedSeries as Entry, JudgeSeries } from "./judge-series.js";
import { JudgeSlots, type SeriesInput } from "./judge-slots.js";
import type { JudgeContext } from "./slot-guard.js";
import { RuleClock } from "./rule-clock.js";
import type { RuleFailure } from "./rule-failure.js";
import { RulesAside } from "./rules-aside.js";
import type { RememberedSlots } from "./slot-memory.js";
import { labelsOfRun, readRunMemory, writeRunMemory } from "./run-memory.js";

/** All that survives of a judge between polls. `series` may leave out series that get no points. */
export interface JudgeMemory {
  readonly series: ReadonlyMap<SeriesKey, Uint8Array>;
  readonly run: Uint8Array;
  readonly episodes: readonly Episode[];
}

export interface RunJudgeOptions {
  readonly run: Run;
  readonly settings: RuleSettings;
  readonly memory?: JudgeMemory | undefined;
  /** Called once in a run's life for each rule that threw or was too slow, and once where memory was damaged (rule `memory`). */
  readonly onRuleFailure?: (failure: RuleFailure) => void;
  /** Other rules than the registry's. */
  readonly rules?: readonly Rule[];
  /** What rules may cost; of its own unless given. */
  readonly clock?: RuleClock;
}

/** How long a writer may sit on its points (TensorBoard's default): a live tick trails the clock by this much. */
export const flushLagSeconds = 120;
/** Series of one run that are judged; those that come later are not. */
export const mostSeries = 20_000;
const registered: readonly Rule[] = ruleIds.map((id) => ruleOf(id));
const noPast = new RecentPoints();

/**
 * Judges one run: a fold over its points as read, whatever the slices. Points of several splits must come merged by
 * wall time, because the run's own clock is the newest wall time: rules about time speak at their deadlines between points.
 */
export class RunJudge {
  readonly #run: Run;
  readonly #id: RunId;
  #rules: readonly Rule[];
  readonly #fixed: readonly Rule[] | undefined;
  readonly #onRuleFailure: RunJudgeOptions["onRuleFailure"];
  readonly #ruleClock: RuleClock;
  readonly #aside = new RulesAside();
  readonly #transitions: Transition[] = [];
  readonly #splits = new Map<string, Map<string, Entry>>();
  readonly #memories: Map<SeriesKey, Uint8Array>;
  readonly #changed: Entry[] = [];
  /** Open episodes of series that no point has touched yet. */
  #resting: readonly Episode[];
  #settings: RuleSettings;
  #whole: JudgeSlots;
  /** Newest wall time of a point; live ticks do not move it, so that they cannot hide a pause from points that come late. */
  #clock = -Infinity;
  #lastStep = 0;
  /** What the run said it means to be. */
  #declared: RunLength = {};
  /** Series ever begun. */
  #known = 0;

  constructor({ run, settings, memory, onRuleFailure, rules, clock = new RuleClock() }: RunJudgeOptions) {
    this.#run = run;
    this.#id = runIdOf(run);
    this.#fixed = rules;
    this.#ruleClock = clock;
    this.#rules = this.#rulesOf(settings);
    this.#onRuleFailure = onRuleFailure;
    this.#memories = new Map(memory?.series);
    this.#settings = settings;
    this.#resting = memory?.episodes ?? [];
    const remembered = this.#recall(memory?.run);
    this.#closeSwitchedOff();
    this.#whole = this.#wholeFrom(remembered);
  }

  /**
   * Takes the next point of a series; the object may be reused by the caller. Histograms come the same way; neither the
   * run's clock nor rules about the whole run hear of them, so that scalars are judged alike with and without.
   */
  observe(split: string, tag: string, point: Point): void {
    const input = point.histogram === undefined ? "scalars" : "histograms";
    const known = this.#splits.get(split)?.get(tag);
    const entry = known?.judge.input === input ? known : this.#enter(split, tag, input);
    if (entry?.declares === true && point.value > 0 && point.value < Infinity)
      this.declare({ steps: point.value });
    if (input === "scalars") this.#hear(point, entry?.labels);
    if (entry === undefined) return;
    if (!entry.changed) {
      entry.changed = true;
      this.#changed.push(entry);
    }
    entry.judge.observe(point);
  }

  /** The clock of the run's host reached `nowSeconds`: rules about time speak at their deadlines up to then, each at its own moment. */
  tick(nowSeconds: number): void {
    let spoken = -Infinity;
    for (;;) {
      const due = this.#whole.deadline();
      if (due === undefined || due > nowSeconds || due <= spoken) return;
      this.#whole.tick(due, this.#lastStep);
      spoken = due;
    }
  }

  /** Whether any rule of histograms may judge: else they need not be read. */
  get wantsHistograms(): boolean {
    return wantsHistograms(this.#settings);
  }

  /** When `tick` would next say something (seconds). A writer may sit on its points for `flushLagSeconds`: a live tick waits that much longer. */
  deadline(): number | undefined {
    return this.#whole.deadline();
  }

  /** The run said how long it means to be. */
  declare(length: RunLength): void {
    if (length.steps === undefined && length.schedule === undefined) return;
    this.#declared = { ...this.#declared, ...length };
    this.#whole.declare(length);
    for (const { judge } of this.#entries()) judge.declare(length);
  }

  /** The run's directory was looked at: what it says beside its event files. */
  learn(signs: RunSigns): void {
    if (this.#clock === -Infinity) return;
    this.#whole.learn(signs, { step: this.#lastStep, wallTime: this.#clock, value: NaN });
  }

  /** Transitions since the last drain, in the order they happened. */
  drain(): Transition[] {
    return this.#transitions.splice(0);
  }

  /** Series whose memory changed since the judge was made or `forgetChanges` was called. */
  changedSeries(): readonly SeriesKey[] {
    return this.#changed.map((entry) => entry.key);
  }

  forgetChanges(): void {
    for (const entry of this.#changed.splice(0)) entry.changed = false;
  }

  memoryOf(key: SeriesKey): Uint8Array {
    const { split, tag } = splitSeriesKey(key);
    const entry = this.#splits.get(split)?.get(tag);
    return entry?.judge.memory() ?? this.#memories.get(key) ?? new Uint8Array(0);
  }

  runMemory(): Uint8Array {
    const counts = { known: this.#known, declared: this.#declared, slots: this.#whole.remember() };
    const aside = this.#aside.remember();
    return writeRunMemory({ clock: this.#clock, lastStep: this.#lastStep, ...counts, ...aside });
  }

  openEpisodes(): readonly Episode[] {
    const touched = this.#entries().flatMap((entry) => entry.judge.episodes());
    return [...this.#whole.episodes(), ...touched, ...this.#resting];
  }

  labelsOf(split: string, tag: string): SeriesLabels {
    return labelSeries({ run: this.#run, split, tag }, this.#settings.metrics);
  }

  /** A person changed settings: rules go on with what they remember; open episodes of rules now off close. */
  applySettings(settings: RuleSettings): void {
    const open = this.openEpisodes();
    const whole = this.#whole.remember();
    const entries = this.#entries().map((entry) => ({ entry, memory: entry.judge.memory() }));
    this.#settings = settings;
    this.#rules = this.#rulesOf(settings);
    this.#resting = open;
    this.#closeSwitchedOff();
    this.#whole = this.#wholeFrom(whole);
    const context = this.#context();
    for (const { entry, memory } of entries) {
      const { split, tag } = splitSeriesKey(entry.key);
      const from = { memory, episodes: this.#claim(split, tag), input: entry.judge.input };
      entry.labels = this.labelsOf(split, tag);
      entry.judge = new JudgeSeries(context, entry.labels, from);
    }
  }

  /** The run's files are gone: whatever is open closes with it. Files that come back are judged from where they begin. */
  endRun(): void {
    const open = this.openEpisodes();
    const whole = this.#whole.remember();
    const context = this.#context();
    this.#resting = [];
    this.#whole = this.#wholeFrom(whole);
    for (const entry of this.#entries()) {
      const from = { memory: entry.judge.memory(), episodes: [], input: entry.judge.input };
      entry.judge = new JudgeSeries(context, entry.labels, from);
    }
    for (const episode of open) this.#close(episode, "run-ended");
  }

  /** What the run as a whole learns from a point: its clock first. */
  #hear(point: Point, labels: SeriesLabels | undefined): void {
    if (point.wallTime > this.#clock) {
      this.tick(point.wallTime);
      this.#clock = point.wallTime;
    }
    this.#lastStep = point.step;
    this.#whole.observe(point, noPast, labels);
  }

  /** A tag that was settled anew, as something else, is judged anew. */
  #enter(split: string, tag: string, input: SeriesInput): Entry | undefined {
    const key = seriesKeyOf(split, tag);
    const memory = this.#memories.get(key);
    if (memory === undefined) {
      if (this.#known >= mostSeries) return undefined;
      this.#known += 1;
    }
    const from = { memory, episodes: this.#claim(split, tag), input };
    const labels = this.labelsOf(split, tag);
    const judge = new JudgeSeries(this.#context(), labels, from);
    judge.declare(this.#declared);
    const entry: Entry = { key, labels, judge, changed: false, declares: namesRunLength(tag) };
    this.#memories.delete(key);
    const tags = this.#splits.get(split) ?? new Map<string, Entry>();
    this.#splits.set(split, tags.set(tag, entry));
    return entry;
  }

  /** Takes the resting episodes of a series, to be carried by its judge. */
  #claim(split: string, tag: string): readonly Episode[] {
    const own = this.#resting.filter((episode) => episode.split === split && episode.tag === tag);
    if (own.length > 0) this.#resting = this.#resting.filter((episode) => !own.includes(episode));
    return own;
  }

  #recall(memory: Uint8Array | undefined): RememberedSlots {
    const known = readRunMemory(memory, (error) => this.#fail({ rule: "memory", split: "", tag: "", error }));
    [this.#clock, this.#lastStep, this.#known] = [known.clock, known.lastStep, known.known];
    this.#declared = known.declared;
    this.#aside.recall(known);
    return known.slots;
  }

  #wholeFrom(remembered: RememberedSlots): JudgeSlots {
    const isWhole = (episode: Episode): boolean => this.#ruleOf(episode)?.scope === "run";
    const episodes = this.#resting.filter(isWhole);
    this.#resting = this.#resting.filter((episode) => !isWhole(episode));
    const from = { scope: "run" as const, remembered: { ...remembered, episodes } };
    return new JudgeSlots(this.#context(), labelsOfRun(this.#run), from);
  }

  #rulesOf({ extra }: RuleSettings): readonly Rule[] {
    return this.#fixed ?? (extra === undefined ? registered : [...registered, ...extra]);
  }

  #ruleOf(episode: Episode): Rule | undefined {
    return this.#rules.find((rule) => rule.id === episode.rule);
  }

  #closeSwitchedOff(): void {
    this.#resting = this.#resting.filter((episode) => {
      const rule = this.#ruleOf(episode);
      const labels =
        rule?.scope === "run" ? labelsOfRun(this.#run) : this.labelsOf(episode.split, episode.tag);
      const question = { settings: this.#settings, run: this.#id, labels };
      if (rule !== undefined && settingsOfRule(question, rule).enabled) return true;
      this.#close(episode, "settings");
      return false;
    });
  }

  #close(episode: Episode, reason: "run-ended" | "settings"): void {
    const wallTime = Math.max(this.#clock, episode.opened.wallTime);
    const closed = resolveEpisode(episode, { ...episode.opened, wallTime }, reason);
    if (closed !== undefined) this.#transitions.push(closed);
  }

  #context(): JudgeContext {
    return {
      run: this.#id,
      rules: this.#rules,
      settings: this.#settings,
      transitions: this.#transitions,
      clock: this.#ruleClock,
      slow: this.#aside.slow,
      fail: (failure) => this.#fail(failure),
    };
  }

  #fail(failure: RuleFailure): void {
    if (this.#aside.take(failure, this.#rules)) this.#onRuleFailure?.(failure);
  }

  #entries(): readonly Entry[] {
    return [...this.#splits.values()].flatMap((tags) => [...tags.values()]);
  }
}

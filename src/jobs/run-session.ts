import type { Episode, Transition } from "../alerts/episode.js";
import { newRunFacts, type RunFacts, runOutcomes, type SeriesFacts } from "../alerts/run-facts.js";
import { openAlerts } from "../alerts/is-alert.js";
import type { RuleFailure } from "../alerts/rule-failure.js";
import type { RuleClock } from "../alerts/rule-clock.js";
import { RunJudge } from "../alerts/run-judge.js";
import type { RunNews } from "../alerts/route.js";
import type { PointsCommit, RunCommit, StoredRun } from "../alerts/run-store.js";
import type { LogRunCursor } from "../eventlog/cursor.js";
import type { LogRunSlice } from "../eventlog/log-source.js";
import type { RuleSettings } from "../rules/effective-settings.js";
import type { RunSigns } from "../rules/run-signs.js";
import { runLengthOf } from "../rules/run-length.js";
import { packPoints } from "../series/packed-points.js";
import { SliceFeed } from "../alerts/slice-feed.js";
import { type Run, type RunId, type SeriesKey, seriesKeyOf } from "../series/run.js";
import { mergeInParts } from "../series/merge-by-wall-time.js";
import type { PointColumns } from "../series/point.js";
import { advanceSeries } from "./advance-series.js";
import { gatherPoints } from "./gather-points.js";

const damageKept = 20;

/** What one read of one log run brought. */
export interface ReadLogRun {
  readonly logRun: string;
  readonly slice: LogRunSlice;
}

/**
 * One run in memory between two commits: what was stored, and what has changed since. Thrown away whole when a commit
 * turns out stale; kept from poll to poll otherwise, so that a growing run costs one script call a poll and no reading back.
 */
export class RunSession {
  readonly id: RunId;
  readonly run: Run;
  revision: number;
  facts: RunFacts;
  /** When (ms) the run's directory is to be looked at next. */
  looksAt = 0;
  /** Nothing of its points was stored yet. */
  isNew: boolean;
  /** Rules that were set aside and of which nobody has been told yet. */
  ruleFailures: RuleFailure[] = [];
  readonly judge: RunJudge;
  readonly cursors: Map<string, LogRunCursor>;
  readonly #series: Map<SeriesKey, SeriesFacts>;
  #signs = "{}";
  /** Its directory says something else than when it was stored; what a rule remembers of that must not be lost. */
  #hasLearned = false;
  #changedCursors = new Map<string, LogRunCursor>();
  #changedSeries = new Map<SeriesKey, SeriesFacts>();
  #points: PointsCommit[] = [];
  #knownOpen: ReadonlyMap<string, Episode>;
  /** The lowest step gone back to since the last commit, with that point's own time. */
  #restarted: { readonly step: number; readonly wallTime: number } | undefined;

  constructor(
    id: RunId,
    from: {
      readonly run: Run;
      readonly stored: StoredRun | undefined;
      readonly settings: RuleSettings;
      readonly clock: RuleClock;
    },
  ) {
    const { run, stored, settings, clock } = from;
    this.id = id;
    this.run = run;
    this.revision = stored?.revision ?? 0;
    this.facts = stored?.facts ?? newRunFacts;
    this.isNew = this.facts.points === 0;
    this.cursors = new Map(stored?.cursors);
    this.#series = new Map(stored?.series);
    this.#knownOpen = new Map(stored?.open.map((episode) => [episode.id, episode]));
    this.judge = new RunJudge({
      run,
      settings,
      clock,
      onRuleFailure: (failure) => this.ruleFailures.push(failure),
      ...(stored === undefined
        ? {}
        : { memory: { series: stored.memory, run: stored.runMemory, episodes: stored.open } }),
    });
  }

  /**
   * Has what one look at the run brought, and was taken, judged in parts: each call judges so many points, and returns
   * whether there may be more. Points of several splits pass the detectors merged by wall time, as `replay` merges them:
   * the run's own clock must not run ahead of a split that is read later.
   */
  judging(reads: readonly ReadLogRun[]): (points: number) => boolean {
    const feeds = reads.map(
      ({ logRun, slice }) => new SliceFeed(this.facts.logRuns[logRun] ?? "", slice, [this.judge]),
    );
    const part = mergeInParts(
      reads.map(({ slice }) => slice.points),
      (index, stretch) => feeds[index]?.points(stretch),
    );
    return (points) => {
      if (part(points)) return true;
      for (const feed of feeds) feed.finish();
      return false;
    };
  }

  /** Notes what one look at one log run brought; `now` in milliseconds. */
  take({ logRun, slice }: ReadLogRun, now: number): void {
    const split = this.facts.logRuns[logRun] ?? "";
    this.cursors.set(logRun, slice.cursor);
    this.#changedCursors.set(logRun, slice.cursor);
    const { points } = slice;
    for (const gathered of gatherPoints(points)) {
      const key = seriesKeyOf(split, gathered.tag);
      const before = this.#series.get(key);
      this.#noteReturn(gathered.columns, before?.last.step);
      const after = advanceSeries(before, { key, logRun, columns: gathered.columns });
      this.#series.set(key, after);
      this.#changedSeries.set(key, after);
      this.#points.push({ key, packed: packPoints(gathered.columns), replace: false });
    }
    // Before the points: a run's declared length decides how its silence is read.
    if (slice.hparams !== undefined)
      this.judge.declare(runLengthOf({ ...this.facts.hparams, ...slice.hparams }));
    if (points.length > 0 || slice.damage.length > 0 || slice.hparams !== undefined)
      this.#note(logRun, slice, now);
  }

  /** Where steps go back a run went on from an earlier state, be it between two looks or within one. */
  #noteReturn({ step, wallTime }: PointColumns, lastStep = -Infinity): void {
    let last = lastStep;
    for (let at = 0; at < step.length; at += 1) {
      const here = step[at] ?? 0;
      if (here < last && here < (this.#restarted?.step ?? Infinity))
        this.#restarted = { step: here, wallTime: wallTime[at] ?? 0 };
      last = here;
    }
  }

  #note(logRun: string, slice: LogRunSlice, now: number): void {
    const { points, damage, hparams } = slice;
    const { first, last } = wallTimesOf(points, this.facts);
    this.facts = {
      ...this.facts,
      points: this.facts.points + points.length,
      firstWallTime: first,
      lastWallTime: last,
      lastArrivalAt: points.length > 0 ? now : this.facts.lastArrivalAt,
      ...(last > this.facts.lastWallTime || Number.isNaN(this.facts.lastWallTime)
        ? { newestArrivalAt: now }
        : {}),
      hparams: hparams === undefined ? this.facts.hparams : { ...this.facts.hparams, ...hparams },
      damaged: this.facts.damaged + damage.length,
      damage: [...this.facts.damage, ...damage.map((finding) => ({ ...finding, logRun }))].slice(-damageKept),
    };
  }

  /** Directories of the run that may say something of it: its own, its log runs', and where Hugging Face's Trainer keeps `runs/…`. */
  directories(): readonly string[] {
    const own = [this.run.name, ...Object.keys(this.facts.logRuns).slice(0, 7)];
    const parts = this.run.name.split("/");
    const output = parts.at(-2) === "runs" ? [parts.slice(0, -2).join("/") || "."] : [];
    return [...new Set([...own, ...output])];
  }

  /** The step this slice went back to, once a restart is noticed; `now` in milliseconds. */
  restart(now: number): number | undefined {
    if (this.#restarted === undefined) return undefined;
    const { step, wallTime } = this.#restarted;
    const last = this.facts.restarts.at(-1);
    const at = this.facts.phase === "history" && Number.isFinite(wallTime) ? wallTime * 1_000 : now;
    this.facts = { ...this.facts, restarts: [...this.facts.restarts, { step, at }].slice(-20) };
    // Two writers that take turns on one tag would otherwise restart with every line.
    return last !== undefined && now - last.at < 600_000 ? undefined : step;
  }

  /** What began or ended with this slice; each is news once. `now` in milliseconds. */
  news(now: number): readonly RunNews[] {
    const news: RunNews[] = this.revision === 0 && this.facts.points > 0 ? ["start"] : [];
    const { steps } = runLengthOf(this.facts.hparams);
    if (steps === undefined || this.facts.finishedAt !== undefined) return news;
    // Trainers count from 0 or from 1, and log every so many steps: the last one logged may fall a little short.
    const reached = [...this.#series.values()].some(({ last }) => last.step >= steps - 1);
    if (!reached) return news;
    this.facts = { ...this.facts, finishedAt: now };
    return [...news, "finish"];
  }

  /** Since when (ms) its newest point is known here. */
  get newestArrivalAt(): number {
    return this.facts.newestArrivalAt ?? this.facts.lastArrivalAt;
  }

  /** Takes what the run's directory says. */
  learn(signs: RunSigns): void {
    const said = JSON.stringify(signs);
    this.#hasLearned ||= said !== this.#signs;
    this.#signs = said;
    this.judge.learn(signs);
  }

  get changed(): boolean {
    return this.#hasLearned || this.#changedCursors.size > 0 || this.judge.changedSeries().length > 0;
  }

  openEpisodes(): readonly Episode[] {
    return this.judge.openEpisodes();
  }

  /** What the rules are to remember; asks them, so that one that fails here is still told with the commit. */
  remember(): Pick<RunCommit, "memory" | "runMemory"> {
    const memory = new Map(this.judge.changedSeries().map((key) => [key, this.judge.memoryOf(key)]));
    return { memory, runMemory: this.judge.runMemory() };
  }

  /** All that changed since the last commit, with the entries to say. */
  commit(
    remembered: Pick<RunCommit, "memory" | "runMemory">,
    { transitions, entries }: { transitions: readonly Transition[]; entries: RunCommit["entries"] },
  ): RunCommit {
    const open = this.judge.openEpisodes();
    const closed = transitions
      .filter((transition) => transition.kind === "resolved")
      .map((transition) => transition.episode);
    const { outcome: _before, ...facts } = this.facts;
    this.facts = {
      ...facts,
      open: openAlerts(open).length,
      ...outcomeOf(open),
      splits: [...new Set([...this.#series.keys()].map((key) => key.slice(0, key.indexOf("\u0000"))))].sort(),
    };
    return {
      id: this.id,
      run: this.run,
      expected: this.revision,
      facts: this.facts,
      cursors: this.#changedCursors,
      series: this.#changedSeries,
      ...remembered,
      opened: open.filter((episode) => this.#knownOpen.get(episode.id) !== episode),
      closed: [...closed, ...this.#vanished(open, closed)],
      points: this.#points,
      entries,
    };
  }

  /** Pending episodes that came to nothing: removed from the store, never told. */
  #vanished(open: readonly Episode[], closed: readonly Episode[]): readonly Episode[] {
    const still = new Set([...open, ...closed].map((episode) => episode.id));
    return [...this.#knownOpen.values()].filter((episode) => !still.has(episode.id));
  }

  committed(): void {
    this.revision += 1;
    this.isNew = this.facts.points === 0;
    this.#changedCursors = new Map();
    this.#changedSeries = new Map();
    this.#points = [];
    this.#restarted = undefined;
    this.#hasLearned = false;
    this.#knownOpen = new Map(this.judge.openEpisodes().map((episode) => [episode.id, episode]));
    this.judge.forgetChanges();
  }
}

function wallTimesOf(
  { wallTime, length }: LogRunSlice["points"],
  { firstWallTime, lastWallTime }: Pick<RunFacts, "firstWallTime" | "lastWallTime">,
): { readonly first: number; readonly last: number } {
  let first = firstWallTime;
  let last = lastWallTime;
  for (let i = 0; i < length; i += 1) {
    const at = wallTime[i] ?? Number.NaN;
    first = Number.isNaN(first) ? at : Math.min(first, at);
    last = Number.isNaN(last) ? at : Math.max(last, at);
  }
  return { first, last };
}

function outcomeOf(open: readonly Episode[]): Pick<RunFacts, "outcome"> {
  const outcome = runOutcomes.find((rule) => open.some((episode) => episode.rule === rule));
  return outcome === undefined ? {} : { outcome };
}

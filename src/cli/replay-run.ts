import type { Transition } from "../alerts/episode.js";
import { RunJudge } from "../alerts/run-judge.js";
import { RuleClock, RuleStopped } from "../alerts/rule-clock.js";
import { SliceFeed } from "../alerts/slice-feed.js";
import { logRunSlices } from "../eventlog/log-run-slices.js";
import type { LogRunSlice, LogSource } from "../eventlog/log-source.js";
import type { PointBatch } from "../eventlog/point-batch.js";
import type { RuleSettings } from "../rules/effective-settings.js";
import type { RuleFailure } from "../alerts/rule-failure.js";
import { runLengthOf } from "../rules/run-length.js";
import { wantsHistograms } from "../rules/wants-histograms.js";
import type { SeriesLabels } from "../series/labels.js";
import type { Run } from "../series/run.js";

/** One run as it lies on disk: its log runs in name order, each with the split it is. */
export interface RunOnDisk {
  readonly source: LogSource;
  readonly root: string;
  readonly run: Run;
  readonly logRuns: readonly { readonly name: string; readonly split: string }[];
  readonly settings: RuleSettings;
  /** Milliseconds; only the reader asks, the judge's clock is the run's own. */
  readonly now: number;
  readonly onRuleFailure: (failure: RuleFailure) => void;
  /** What rules may cost; by default over all runs of this thread. */
  readonly clock?: RuleClock;
}

export interface ReplayedRun {
  readonly transitions: readonly Transition[];
  readonly points: number;
  readonly damaged: number;
  readonly labelsOf: (split: string, tag: string) => SeriesLabels;
}

/**
 * Judges a run from its first byte to its last: points as read, those that a restart takes away included; log runs
 * merged by wall time, each in its own order. The clock stops at the last point: the end of the data is no silence.
 */
export async function replayRun(onDisk: RunOnDisk): Promise<ReplayedRun> {
  const judge = judgeOf(onDisk, onDisk.settings);
  const [points, damaged] = await judgeAll(onDisk, [judge], wantsHistograms(onDisk.settings));
  return replayed(judge, points, damaged);
}

/** The same with two settings side by side: the run is read once. */
export async function replayRunTwice(
  onDisk: RunOnDisk,
  other: RuleSettings,
): Promise<readonly [ReplayedRun, ReplayedRun]> {
  const one = judgeOf(onDisk, onDisk.settings);
  const two = judgeOf(onDisk, other);
  const histograms = wantsHistograms(onDisk.settings) || wantsHistograms(other);
  const [points, damaged] = await judgeAll(onDisk, [one, two], histograms);
  return [replayed(one, points, damaged), replayed(two, points, damaged)];
}

/** Judges a run, and once more from its first byte where a rule of somebody's code had to be stopped; one that does not return is set aside then. */
export async function unlessStopped<T>(judged: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await judged();
    } catch (error) {
      if (!(error instanceof RuleStopped)) throw error;
    }
  }
}

const clockOfThread = new RuleClock();

function judgeOf({ run, onRuleFailure, clock = clockOfThread }: RunOnDisk, settings: RuleSettings): RunJudge {
  return clock.limited(settings.extra, () => new RunJudge({ run, settings, onRuleFailure, clock }));
}

function replayed(judge: RunJudge, points: number, damaged: number): ReplayedRun {
  return {
    transitions: judge.drain(),
    points,
    damaged,
    labelsOf: (split, tag) => judge.labelsOf(split, tag),
  };
}

/** Points and damaged places of the run. */
async function judgeAll(
  onDisk: RunOnDisk,
  judges: readonly RunJudge[],
  histograms: boolean,
): Promise<readonly [points: number, damaged: number]> {
  const { source, root, now, settings, clock = clockOfThread } = onDisk;
  const streams = onDisk.logRuns.map(({ name, split }) => {
    return new LogRunStream(split, logRunSlices(source, { root, logRun: name, now, histograms }), judges);
  });
  for (const stream of streams) await stream.fill();
  for (;;) {
    const { first, until } = soonest(streams);
    if (first === undefined) break;
    clock.limited(settings.extra, () => first.judgeUntil(until));
    if (first.isEmpty) await first.fill();
  }
  clock.limited(settings.extra, () => judges.forEach((judge) => judge.learn({ isRead: true })));
  return [
    streams.reduce((sum, stream) => sum + stream.points, 0),
    streams.reduce((sum, stream) => sum + stream.damaged, 0),
  ];
}

/** The points of one log run, a slice at a time. */
class LogRunStream {
  points = 0;
  damaged = 0;
  readonly #split: string;
  readonly #slices: AsyncIterator<LogRunSlice>;
  readonly #judges: readonly RunJudge[];
  #feed: SliceFeed | undefined;
  #batch: PointBatch | undefined;
  #at = 0;

  constructor(split: string, slices: AsyncIterator<LogRunSlice>, judges: readonly RunJudge[]) {
    this.#split = split;
    this.#slices = slices;
    this.#judges = judges;
  }

  get isEmpty(): boolean {
    return this.#batch === undefined || this.#at >= this.#batch.length;
  }

  /** Wall time of the next point; only of a stream that is not empty. */
  get nextWallTime(): number {
    return this.#batch?.wallTime[this.#at] ?? Infinity;
  }

  /** Reads on until there is a point or the end; what was read behind the last point is judged first. */
  async fill(): Promise<void> {
    while (this.isEmpty) {
      this.#feed?.finish();
      this.#feed = undefined;
      const next = await this.#slices.next();
      if (next.done === true) {
        this.#batch = undefined;
        return;
      }
      const { points, damage, hparams } = next.value;
      this.#feed = new SliceFeed(this.#split, next.value, this.#judges);
      this.#batch = points;
      this.#at = 0;
      this.points += points.length;
      this.damaged += damage.length;
      if (hparams !== undefined) for (const judge of this.#judges) judge.declare(runLengthOf(hparams));
    }
  }

  /** Judges at least one point, then those up to the moment at which another stream goes on. */
  judgeUntil(until: number): void {
    const batch = this.#batch;
    if (batch === undefined) return;
    const from = this.#at;
    do this.#at += 1;
    while (this.#at < batch.length && (batch.wallTime[this.#at] ?? 0) < until);
    this.#feed?.points({ from, to: this.#at });
  }
}

/** The stream whose next point is the oldest (of equals the first), and the wall time at which another one is due. */
function soonest(streams: readonly LogRunStream[]): {
  readonly first: LogRunStream | undefined;
  readonly until: number;
} {
  let first: LogRunStream | undefined;
  let until = Infinity;
  for (const stream of streams) {
    if (stream.isEmpty) continue;
    if (first === undefined || stream.nextWallTime < first.nextWallTime) {
      until = Math.min(until, first?.nextWallTime ?? Infinity);
      first = stream;
    } else until = Math.min(until, stream.nextWallTime);
  }
  return { first, until };
}

import type { RuleSettings } from "../rules/effective-settings.js";
import type { PointColumns } from "../series/point.js";
import type { Run } from "../series/run.js";
import type { Transition } from "./episode.js";
import { RunJudge } from "./run-judge.js";

/** A curve that is already known. */
export interface KnownSeries {
  readonly split: string;
  readonly tag: string;
  readonly points: PointColumns;
}

/** One run's curves, judged again from their first point. */
export interface RehearsalRequest {
  readonly run: Run;
  readonly series: readonly KnownSeries[];
  readonly rule: string;
  readonly before: RuleSettings;
  readonly after: RuleSettings;
}

/** How often a rule fires on known curves with the settings of now, and with other ones. */
export function rehearse(request: RehearsalRequest): { readonly before: number; readonly after: number } {
  const count = (settings: RuleSettings): number =>
    judgeKnown({ ...request, settings }).filter(
      ({ kind, episode }) => kind === "fired" && episode.rule === request.rule,
    ).length;
  return { before: count(request.before), after: count(request.after) };
}

/** All transitions of known curves, merged by wall time as a live run would have brought them. */
export function judgeKnown(known: {
  readonly run: Run;
  readonly series: readonly KnownSeries[];
  readonly settings: RuleSettings;
}): readonly Transition[] {
  const judge = new RunJudge({ run: known.run, settings: known.settings });
  const point = { step: 0, wallTime: 0, value: 0 };
  const next = new Int32Array(known.series.length);
  for (;;) {
    const at = earliest(known.series, next);
    const series = known.series[at];
    if (series === undefined) return judge.drain();
    const i = next[at] ?? 0;
    point.step = series.points.step[i] ?? 0;
    point.wallTime = series.points.wallTime[i] ?? 0;
    point.value = series.points.value[i] ?? 0;
    next[at] = i + 1;
    judge.observe(series.split, series.tag, point);
  }
}

/** The series whose next point is the oldest; −1 when all are told. Linear, because few series are rehearsed at once. */
function earliest(series: readonly KnownSeries[], next: Int32Array): number {
  let found = -1;
  let oldest = Infinity;
  for (const [at, { points }] of series.entries()) {
    const wallTime = points.wallTime[next[at] ?? 0];
    if (wallTime === undefined || (found >= 0 && wallTime >= oldest)) continue;
    found = at;
    oldest = wallTime;
  }
  return found;
}

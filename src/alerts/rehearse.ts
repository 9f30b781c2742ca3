import type { RuleSettings } from "../rules/effective-settings.js";
import type { Rule } from "../rules/rule.js";
import { isRuleId, ruleOf } from "../rules/rule-registry.js";
import { mergeByWallTime } from "../series/merge-by-wall-time.js";
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
  const { run, series } = request;
  const rules = isRuleId(request.rule)
    ? [ruleOf(request.rule)]
    : (request.after.extra ?? []).filter(({ id }) => id === request.rule);
  const count = (settings: RuleSettings): number =>
    new Set(
      judgeKnown({ run, series, settings, rules }).flatMap(({ kind, episode }) =>
        kind === "fired" ? [episode.id] : [],
      ),
    ).size;
  return { before: count(request.before), after: count(request.after) };
}

/** All transitions of known curves, merged by wall time as a live run would have brought them. */
export function judgeKnown(known: {
  readonly run: Run;
  readonly series: readonly KnownSeries[];
  readonly settings: RuleSettings;
  /** Only these; all of the registry where left out. */
  readonly rules?: readonly Rule[];
}): readonly Transition[] {
  const { run, settings, rules } = known;
  const judge = new RunJudge({ run, settings, ...(rules === undefined ? {} : { rules }) });
  const point = { step: 0, wallTime: 0, value: 0 };
  const sources = known.series.map(({ points }) => ({
    length: points.step.length,
    wallTime: points.wallTime,
  }));
  mergeByWallTime(sources, (index, { from, to }) => {
    const series = known.series[index];
    if (series === undefined) return;
    for (let i = from; i < to; i += 1) {
      point.step = series.points.step[i] ?? 0;
      point.wallTime = series.points.wallTime[i] ?? 0;
      point.value = series.points.value[i] ?? 0;
      judge.observe(series.split, series.tag, point);
    }
  });
  return judge.drain();
}

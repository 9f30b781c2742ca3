import { formatDuration } from "../lib/duration.js";
import { formatCount, formatNumber } from "../message/format-number.js";
import type { Direction } from "../series/labels.js";
import type { Point } from "../series/point.js";
import type { GateFinding } from "./gate-finding.js";
import { bestPoint, firstPoint, type GateSeries, lastPoint, seriesName } from "./gate-series.js";

/** What a pipeline demands of one metric; without limits, only that it is there. */
export interface GateRequirement {
  readonly metric: string;
  /** Which value the limits are held against; `final` unless said. */
  readonly value?: "final" | "best" | undefined;
  readonly atLeast?: number | undefined;
  readonly atMost?: number | undefined;
  /** The limits must have been met first at this step or before. */
  readonly withinSteps?: number | undefined;
  /** … or this long (ms) after the run's first point. */
  readonly within?: number | undefined;
}

export interface RequirementQuestion {
  readonly run: string;
  /** The series that the metric's name means in this run. */
  readonly series: readonly GateSeries[];
  /** Names the run has instead, where it has no such metric. */
  readonly nearest: readonly string[];
  /** Wall time (seconds) of the run's first and newest point, and its largest step. */
  readonly begun: number;
  readonly newest: number;
  readonly lastStep: number;
  /** A run that goes on can only be held against deadlines that are over. */
  readonly isOver: boolean;
}

/** What a run did wrong by a requirement, at most two findings a series; every series that the name means must keep it. */
export function judgeRequirement(
  requirement: GateRequirement,
  question: RequirementQuestion,
): readonly GateFinding[] {
  if (question.series.length === 0) return question.isOver ? [missing(requirement, question)] : [];
  return question.series.flatMap((series) => [
    ...(question.isOver ? limitFindings(requirement, question, series) : []),
    ...deadlineFindings(requirement, question, series),
  ]);
}

/** The requirement in words, for lists of what was asked. */
export function requirementName(requirement: GateRequirement): string {
  const { metric, value = "final" } = requirement;
  const limits = limitWords(requirement);
  if (limits === "") return `${metric} is there`;
  const deadline = deadlineWords(requirement);
  return `${value} ${metric} ${limits}${deadline === "" ? "" : `, ${deadline}`}`;
}

function limitFindings(
  requirement: GateRequirement,
  { run }: RequirementQuestion,
  series: GateSeries,
): readonly GateFinding[] {
  const { value = "final", atLeast, atMost } = requirement;
  if (atLeast === undefined && atMost === undefined) return [];
  const { labels, columns } = series;
  const direction = wayOf(requirement, labels.direction);
  const wanted = limitWords(requirement);
  const named = { rule: "limit", run, split: labels.split, tag: labels.tag, wanted };
  if (value === "best" && direction === "unknown") {
    const what = `which value of ${seriesName(labels)} is its best is not known; say so with "direction" under "metrics"`;
    return [{ ...named, ...failing, what, found: "no direction" }];
  }
  const point =
    value === "final" || direction === "unknown" ? lastPoint(columns) : bestPoint(columns, direction);
  if (point !== undefined && keeps(requirement, point.value)) return [];
  const what = `${value} ${seriesName(labels)} breaks its limit`;
  if (point === undefined) return [{ ...named, ...failing, what, found: "no finite value" }];
  return [{ ...named, ...failing, what, found: formatNumber(point.value), step: point.step }];
}

function deadlineFindings(
  requirement: GateRequirement,
  question: RequirementQuestion,
  { labels, columns }: GateSeries,
): readonly GateFinding[] {
  const { withinSteps, within } = requirement;
  if (withinSteps === undefined && within === undefined) return [];
  const first = firstPoint(columns, (value) => keeps(requirement, value));
  const isLate = (point: Point): boolean =>
    (withinSteps !== undefined && point.step > withinSteps) ||
    (within !== undefined && (point.wallTime - question.begun) * 1_000 > within);
  const here: Point = { step: question.lastStep, wallTime: question.newest, value: Number.NaN };
  if (first === undefined ? !question.isOver && !isLate(here) : !isLate(first)) return [];
  const after = first && formatDuration((first.wallTime - question.begun) * 1_000);
  return [
    {
      ...failing,
      rule: "deadline",
      run: question.run,
      split: labels.split,
      tag: labels.tag,
      what: `${seriesName(labels)} did not reach its limit in time`,
      wanted: `${limitWords(requirement)} ${deadlineWords(requirement)}`,
      found:
        first === undefined
          ? `never, up to step ${formatCount(question.lastStep)}`
          : `${formatNumber(first.value)} at step ${formatCount(first.step)}, ${after ?? ""} after the start`,
      step: first?.step ?? question.lastStep,
    },
  ];
}

function missing({ metric }: GateRequirement, { run, nearest }: RequirementQuestion): GateFinding {
  const found = nearest.length === 0 ? "no such metric" : `no such metric; there is ${nearest.join(", ")}`;
  const what = `${metric} is missing`;
  return { ...failing, rule: "missing_metric", run, split: "", tag: metric, what, wanted: metric, found };
}

const failing = { severity: "critical", fails: true } as const;

function keeps({ atLeast = -Infinity, atMost = Infinity }: GateRequirement, value: number): boolean {
  return value >= atLeast && value <= atMost;
}

/** A single limit says which way is better where the name does not. */
function wayOf({ atLeast, atMost }: GateRequirement, named: Direction): Direction {
  if (named !== "unknown") return named;
  if (atLeast !== undefined && atMost !== undefined) return "unknown";
  return atLeast === undefined ? "lower" : "higher";
}

function limitWords({ atLeast, atMost }: GateRequirement): string {
  const words = [];
  if (atLeast !== undefined) words.push(`at least ${formatNumber(atLeast)}`);
  if (atMost !== undefined) words.push(`at most ${formatNumber(atMost)}`);
  return words.join(" and ");
}

function deadlineWords({ withinSteps, within }: GateRequirement): string {
  const words = [];
  if (withinSteps !== undefined) words.push(`within ${formatCount(withinSteps)} steps`);
  if (within !== undefined) words.push(`within ${formatDuration(within)}`);
  return words.join(" and ");
}

import { formatCount, formatNumber } from "../message/format-number.js";
import type { Direction, Phase } from "../series/labels.js";
import type { PointColumns } from "../series/point.js";
import type { GateCheck, GateFinding } from "./gate-finding.js";
import { type GateSeries, seriesName } from "./gate-series.js";

/** One baseline run's curve: `[step, value, best so far]`, ascending in step, thinned to a few rows. */
export type BaselineCurve = readonly BaselineRow[];
type BaselineRow = readonly [step: number, value: number, best: number];

export interface BaselineMetric {
  readonly split: string;
  readonly tag: string;
  readonly direction: Exclude<Direction, "unknown">;
  readonly phase: Phase;
  readonly curves: readonly { readonly run: string; readonly curve: BaselineCurve }[];
}

export interface Baseline {
  readonly metrics: readonly BaselineMetric[];
}

export interface BaselineTolerance {
  readonly compare: "best" | "final";
  /** Share of the baseline's mean that a run may be worse by. */
  readonly tolerance: number;
  /** Standard deviations between baseline runs that a run may be worse by; they count from three runs on. */
  readonly z: number;
  /** Share of the baseline's steps that a run must have reached to be compared. */
  readonly minSteps: number;
}

/** Fewer runs say nothing of how much runs differ by chance. */
export const enoughRuns = 3;
const mostRows = 21;
/** What six significant digits may be off by: a run held against itself is no regression. */
const rounding = 5e-6;

/** A curve as a baseline keeps it: all of a short one, else rows at even distances of steps, by line between points. */
export function thinCurve(columns: PointColumns, direction: "lower" | "higher"): BaselineCurve {
  const curve = finiteCurve(columns, direction);
  if (curve.length <= mostRows) return curve.map(rounded);
  const first = curve[0]?.[0] ?? 0;
  const last = curve.at(-1)?.[0] ?? 0;
  const steps = Array.from({ length: mostRows }, (_, i) =>
    i === mostRows - 1 ? last : Math.round(first + ((last - first) * i) / (mostRows - 1)),
  );
  const rows = [...new Set(steps)].map((step): BaselineRow => [step, at(curve, step, 1), at(curve, step, 2)]);
  return rows.map(rounded);
}

export interface RegressionQuestion {
  readonly run: string;
  readonly metric: BaselineMetric;
  /** The run's own series of that metric, where it has one. */
  readonly series: GateSeries | undefined;
  readonly tolerance: BaselineTolerance;
}

/**
 * Holds one metric of a run against the baseline's runs, all at its last step or the baseline's (their median), whichever
 * comes first, by line between points or the best so far: worse than their mean by more than
 * max(tolerance · |mean|, z · s_b) is a regression. Baseline runs that ended long before that step have no say.
 */
export function judgeRegression(question: RegressionQuestion): GateCheck {
  const { run, metric } = question;
  const { split, tag } = metric;
  const words = regression(question);
  const named = { severity: "critical", fails: true, run, split, tag } as const;
  return {
    name: `${seriesName(metric)} against the baseline`,
    findings: words === undefined ? [] : [{ ...named, ...words }],
  };
}

type Words = Pick<GateFinding, "rule" | "what" | "wanted" | "found" | "step">;

function regression({ metric, series, tolerance }: RegressionQuestion): Words | undefined {
  const name = seriesName(metric);
  const curves = metric.curves.map(({ curve }) => curve).filter((curve) => curve.length > 0);
  if (curves.length === 0) return undefined;
  const length = median(curves.map(lastStep));
  const own = series === undefined ? [] : finiteCurve(series.columns, metric.direction);
  const reached = own.at(-1)?.[0];
  const rule = "regression_vs_baseline";
  if (reached === undefined) {
    const found = series === undefined ? "no such metric" : "no finite value";
    return { rule: "missing_metric", what: `${name} of the baseline is missing`, wanted: name, found };
  }
  if (reached < tolerance.minSteps * length) {
    return {
      rule: "too_short",
      what: `${name} is too short to be held against the baseline`,
      wanted: `at least step ${formatCount(Math.ceil(tolerance.minSteps * length))}`,
      found: `${(series?.columns.step.at(-1) ?? reached) > reached ? "no finite value after " : ""}step ${formatCount(reached)}`,
      step: reached,
    };
  }
  const step = Math.min(reached, length);
  const column = tolerance.compare === "final" ? 1 : 2;
  const partners = curves.filter((curve) => lastStep(curve) >= tolerance.minSteps * step);
  const values = partners.map((curve) => at(curve, step, column));
  const mean = meanOf(values);
  const allowed = Math.max(tolerance.tolerance * Math.abs(mean), tolerance.z * spread(values));
  const value = at(own, step, column);
  const worse = metric.direction === "lower" ? value - mean : mean - value;
  if (worse <= allowed + Math.abs(mean) * rounding) return undefined;
  const limit = metric.direction === "lower" ? mean + allowed : mean - allowed;
  const side = metric.direction === "lower" ? "at most" : "at least";
  const runs = values.length === 1 ? "1 run" : `${values.length} runs`;
  return {
    rule,
    what: `${tolerance.compare === "final" ? "" : "best "}${name} is worse than the baseline`,
    wanted: `${side} ${formatNumber(limit)} (mean ${formatNumber(mean)} of ${runs}, ±${formatNumber(allowed)})`,
    found: formatNumber(value),
    step,
  };
}

function lastStep(curve: BaselineCurve): number {
  return curve.at(-1)?.[0] ?? 0;
}

/** The value at a step, by line between the rows around it, or the best of the rows up to it; the ends go on level. */
function at(curve: BaselineCurve, step: number, column: 1 | 2): number {
  let low = 0;
  let high = curve.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((curve[middle]?.[0] ?? 0) <= step) low = middle + 1;
    else high = middle;
  }
  const before = curve[low - 1] ?? curve[0];
  const after = curve[low] ?? before;
  if (before === undefined || after === undefined) return Number.NaN;
  if (column === 2 || after[0] <= before[0] || step <= before[0]) return before[column];
  return before[1] + ((after[1] - before[1]) * (step - before[0])) / (after[0] - before[0]);
}

function finiteCurve({ step, value }: PointColumns, direction: "lower" | "higher"): BaselineCurve {
  const rows: BaselineRow[] = [];
  let best = direction === "lower" ? Infinity : -Infinity;
  value.forEach((one, i) => {
    if (!Number.isFinite(one)) return;
    best = direction === "lower" ? Math.min(best, one) : Math.max(best, one);
    rows.push([step[i] ?? 0, one, best]);
  });
  return rows;
}

/** Six significant digits: a float32 holds no more. */
function rounded([step, value, best]: BaselineRow): BaselineRow {
  return [step, Number(value.toPrecision(6)), Number(best.toPrecision(6))];
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}

/** Standard deviation between runs (n − 1); 0 where there are too few to tell. */
function spread(values: readonly number[]): number {
  if (values.length < enoughRuns) return 0;
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2 / (values.length - 1), 0));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

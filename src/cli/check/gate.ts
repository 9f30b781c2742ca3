import { judgeAlerts } from "../../alerts/gate-alerts.js";
import {
  type Baseline,
  type BaselineMetric,
  type BaselineTolerance,
  judgeRegression,
} from "../../alerts/gate-baseline.js";
import type { GateCheck, GateRunReport } from "../../alerts/gate-finding.js";
import { type GateRequirement, judgeRequirement, requirementName } from "../../alerts/gate-requirement.js";
import { findMetric } from "../../commands/find-metric.js";
import { matchesGlob } from "../../lib/glob.js";
import type { SeriesLabels } from "../../series/labels.js";
import type { RunReading } from "./read-run.js";

/** All that a gate asks of runs. */
export interface GateRules {
  readonly failOn: "warning" | "critical";
  readonly resolved: "count" | "ignore";
  readonly requirements: readonly (GateRequirement & { readonly runs?: readonly string[] | undefined })[];
  readonly baseline:
    | {
        readonly known: Baseline;
        readonly metrics?: readonly string[] | undefined;
        readonly tolerance: BaselineTolerance;
      }
    | undefined;
}

/** Everything held against one run; of a run that goes on only what no further point can undo. */
export function judgeRun(rules: GateRules, reading: RunReading, isOver: boolean): GateRunReport {
  const { name, transitions, points } = reading;
  const { failOn, resolved } = rules;
  const alerts = judgeAlerts({
    run: name,
    // An open alert may still end: where ended ones do not count, nothing is sure before the run is over.
    transitions: isOver || resolved === "count" ? transitions : [],
    labelsOf: (split, tag) => reading.labelsOf(split, tag),
    failOn,
    resolved,
  });
  const requirements = rules.requirements
    .filter(({ runs }) => covers(runs, name))
    .map((requirement) => requirementCheck(requirement, reading, isOver));
  const regressions = isOver ? regressionChecks(rules, reading) : [];
  return { run: name, points, checks: [alerts, ...requirements, ...regressions] };
}

/** Whether the gate may ask for the points of a series; generous where only the whole run can tell. */
export function wantsSeries(rules: GateRules, labels: SeriesLabels): boolean {
  const means = (query: string): boolean => findMetric([{ labels }], query).kind === "found";
  const isNamed = rules.requirements.some(
    ({ metric }) => means(metric) || metric.split(",").some((part) => means(part)),
  );
  return isNamed || comparedMetrics(rules).some((metric) => isSame(metric, labels));
}

export function covers(patterns: readonly string[] | undefined, run: string): boolean {
  return patterns?.some((pattern) => matchesGlob(pattern, run)) ?? true;
}

function requirementCheck(requirement: GateRequirement, reading: RunReading, isOver: boolean): GateCheck {
  const { begun, newest, lastStep } = reading;
  const found = findMetric(reading.series, requirement.metric);
  const [series, nearest] = found.kind === "found" ? [found.series, []] : [[], found.nearest];
  const question = { run: reading.name, series, nearest, begun, newest, lastStep, isOver };
  return { name: requirementName(requirement), findings: judgeRequirement(requirement, question) };
}

function regressionChecks(rules: GateRules, reading: RunReading): readonly GateCheck[] {
  const tolerance = rules.baseline?.tolerance;
  if (tolerance === undefined) return [];
  return comparedMetrics(rules).map((metric) => {
    const series = reading.series.find(({ labels }) => isSame(metric, labels));
    return judgeRegression({ run: reading.name, metric, series, tolerance });
  });
}

/** The metrics of the baseline that the patterns name; without patterns those of validation, where there are some. */
export function comparedMetrics({ baseline }: Pick<GateRules, "baseline">): readonly BaselineMetric[] {
  const all = baseline?.known.metrics ?? [];
  const patterns = baseline?.metrics;
  if (patterns !== undefined) {
    return all.filter(({ split, tag }) =>
      patterns.some((pattern) => matchesGlob(pattern, tag) || matchesGlob(pattern, `${split}:${tag}`)),
    );
  }
  const validation = all.filter(({ phase }) => phase === "validation");
  return validation.length > 0 ? validation : all;
}

function isSame(metric: BaselineMetric, { split, tag }: SeriesLabels): boolean {
  return metric.split === split && metric.tag === tag;
}

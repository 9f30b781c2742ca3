import { type Knob, knobOf } from "../alerts/suggest-knob.js";
import { type Study, SuggestStudy } from "../alerts/suggest-study.js";
import { findMetric } from "../commands/find-metric.js";
import { logRunSlices } from "../eventlog/log-run-slices.js";
import { systemClock } from "../lib/clock.js";
import type { RuleSettings } from "../rules/effective-settings.js";
import { type RuleId, ruleOf } from "../rules/rule-registry.js";
import { EffectiveSeries } from "../series/effective.js";
import { labelSeries } from "../series/label-series.js";
import type { SeriesLabels } from "../series/labels.js";
import { type Run, watchIdOf } from "../series/run.js";
import type { OpenedLogDirectory } from "./log-directory.js";
import { printable } from "./print.js";
import { ProgressBar } from "./progress-bar.js";
import { findRuns, type FoundRun } from "./replay/runs-on-disk.js";

export interface LogStudyRequest {
  readonly settings: RuleSettings;
  readonly rules: readonly RuleId[];
  readonly metric: string | undefined;
}

export interface FoundStudy {
  readonly study: Study;
  readonly metric: string | undefined;
  /** The tags that the study is about, in order. */
  readonly tags: readonly string[];
}

/** Points of one run that are held at once (200 MB); what comes after is left out, and said. */
const mostPoints = 8_000_000;

/** Reads past runs one by one; a study for each rule and direction that has series. */
export async function studyLogs(
  opened: OpenedLogDirectory,
  request: LogStudyRequest,
): Promise<{ readonly studies: readonly FoundStudy[]; readonly nearest: readonly string[] }> {
  const { runs, problems } = await findRuns(opened, systemClock.now());
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  const progress = new ProgressBar(runs.length);
  const studies = new Map<string, { study: SuggestStudy; tags: Set<string> }>();
  let nearest: readonly string[] = [];
  for (const found of runs) {
    const series = await readRun(opened, found, request.settings);
    const chosen = request.metric === undefined ? undefined : findMetric(series, request.metric);
    if (chosen?.kind === "unknown") {
      if (nearest.length === 0) nearest = chosen.nearest;
    } else {
      const run = { watch: watchIdOf(opened.root), name: found.name };
      for (const rule of request.rules) addRun({ studies, request, rule, run }, chosen?.series ?? series);
    }
    progress.advance();
  }
  progress.end();
  return {
    nearest,
    studies: [...studies.values()].map(({ study, tags }) => {
      return { study: study.result(), metric: request.metric, tags: [...tags].sort() };
    }),
  };
}

interface ReadSeries {
  readonly labels: SeriesLabels;
  readonly points: EffectiveSeries;
}

interface Adding {
  readonly studies: Map<string, { study: SuggestStudy; tags: Set<string> }>;
  readonly request: LogStudyRequest;
  readonly rule: RuleId;
  readonly run: Run;
}

function addRun({ studies, request, rule, run }: Adding, series: readonly ReadSeries[]): void {
  const groups = new Map<string, { knob: Knob; series: ReadSeries[] }>();
  for (const one of series) {
    const { direction } = one.labels;
    const knob = fits(rule, one.labels, request) ? knobOf(rule, direction) : undefined;
    if (knob === undefined) continue;
    const key = `${rule} ${knob.kind === "limit" ? knob.op : ""}`;
    const group = groups.get(key) ?? { knob, series: [] };
    group.series.push(one);
    groups.set(key, group);
  }
  for (const [key, group] of groups) {
    const found = studies.get(key) ?? {
      study: new SuggestStudy(group.knob, request.settings),
      tags: new Set(),
    };
    studies.set(key, found);
    for (const { labels } of group.series) found.tags.add(labels.tag);
    found.study.add({
      run,
      series: group.series.map(({ labels, points }) => {
        return { split: labels.split, tag: labels.tag, points: points.columns() };
      }),
    });
  }
}

/** A rule named for a metric that it does not judge by itself is meant all the same; a rise of an accuracy is not. */
function fits(rule: RuleId, labels: SeriesLabels, { metric, rules }: LogStudyRequest): boolean {
  if (rule === "consecutive_rise" && labels.direction !== "lower") return false;
  if (rule === "consecutive_drop" && labels.direction !== "higher") return false;
  if (rule === "threshold") return metric !== undefined;
  if (ruleOf(rule).appliesTo(labels)) return true;
  return metric !== undefined && (rules.length === 1 || rule.startsWith("consecutive_"));
}

async function readRun(
  { source, root }: OpenedLogDirectory,
  { name, logRuns }: FoundRun,
  { metrics }: RuleSettings,
): Promise<readonly ReadSeries[]> {
  const run = { watch: watchIdOf(root), name };
  const series: ReadSeries[] = [];
  let left = mostPoints;
  for (const { name: logRun, split } of logRuns) {
    const byTag = new Map<string, EffectiveSeries>();
    for await (const { points } of logRunSlices(source, { root, logRun, now: systemClock.now() })) {
      for (let i = 0; i < points.length && left > 0; i += 1, left -= 1) {
        const tag = points.tags[points.tag[i] ?? 0] ?? "";
        let found = byTag.get(tag);
        if (found === undefined) {
          found = new EffectiveSeries();
          byTag.set(tag, found);
        }
        found.push(points.step[i] ?? 0, points.wallTime[i] ?? 0, points.value[i] ?? 0);
      }
    }
    for (const [tag, points] of byTag) {
      series.push({ labels: labelSeries({ run, split, tag }, metrics), points });
    }
  }
  if (left <= 0)
    process.stderr.write(`${printable(name)}: only its first ${mostPoints} points were looked at\n`);
  return series;
}

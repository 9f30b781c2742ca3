import { fingerprintOf } from "../../alerts/episode.js";
import { formatCount } from "../../message/format-number.js";
import {
  alertCells,
  alertForPrograms,
  columns,
  countedAlerts,
  countedRuns,
  damageLines,
  type ReplayedAlert,
} from "../replay-report.js";

/** An alert of one setting or of both; where both, the two may differ in their step. */
export interface ComparedAlert {
  readonly before: ReplayedAlert | undefined;
  readonly after: ReplayedAlert | undefined;
}

/**
 * Pairs the alerts that two settings gave: same run, series and rule, and open at the same time; each alert has at
 * most one partner. In the order of the alerts before, those that came anew after them, run by run.
 */
export function compareAlerts(
  before: readonly ReplayedAlert[],
  after: readonly ReplayedAlert[],
): readonly ComparedAlert[] {
  const free = new Map<string, ReplayedAlert[]>();
  for (const alert of after) {
    const key = placeOf(alert);
    free.set(key, [...(free.get(key) ?? []), alert]);
  }
  const compared: ComparedAlert[] = [];
  for (const alert of before) {
    const candidates = free.get(placeOf(alert)) ?? [];
    const partner = candidates.find((other) => overlap(alert, other));
    if (partner !== undefined) candidates.splice(candidates.indexOf(partner), 1);
    compared.push({ before: alert, after: partner });
  }
  const taken = new Set(compared.map((one) => one.after));
  const fresh = after.filter((alert) => !taken.has(alert)).map((one) => ({ before: undefined, after: one }));
  return [...compared, ...fresh];
}

export interface Comparison {
  readonly alerts: readonly ComparedAlert[];
  readonly runs: number;
  readonly points: number;
  readonly damaged: number;
}

export function changeOf({ before, after }: ComparedAlert): "both" | "only before" | "only after" {
  if (before === undefined) return "only after";
  return after === undefined ? "only before" : "both";
}

/** For programs, on one line. */
export function jsonComparison({ alerts, runs, points }: Comparison): string {
  const pick = (side: "before" | "after", change: string): readonly object[] =>
    alerts.flatMap((one) => {
      const alert = one[side];
      return alert === undefined || changeOf(one) !== change ? [] : [alertForPrograms(alert)];
    });
  const both = alerts.flatMap(({ before, after }) =>
    before === undefined || after === undefined
      ? []
      : [{ before: alertForPrograms(before), after: alertForPrograms(after) }],
  );
  const by_rule = Object.fromEntries(
    [...countsByRule(alerts)].map(([rule, [gone, fresh, kept]]) => [
      rule,
      { only_before: gone, only_after: fresh, both: kept },
    ]),
  );
  const report = {
    only_before: pick("before", "only before"),
    only_after: pick("after", "only after"),
    both,
    by_rule,
    runs,
    points,
  };
  return `${JSON.stringify(report)}\n`;
}

/** For people: what changes, alert by alert, then how many of each rule. */
export function tableComparison({ alerts, runs, points, damaged }: Comparison): string {
  const changes = alerts.flatMap((one) => {
    const shown = one.after ?? one.before;
    const moved = one.before?.episode.opened.step !== one.after?.episode.opened.step;
    if (shown === undefined || !moved) return [];
    return [[changeWord(one), ...alertCells(shown)]];
  });
  const same = alerts.length - changes.length;
  const lines: string[] = [];
  if (changes.length > 0) {
    const head = ["change", "severity", "run", "rule", "step", "resolved", "what it said"];
    lines.push(...columns([head, ...changes]), "");
  }
  const counts = [...countsByRule(alerts)].map(([rule, found]) => [rule, ...found.map(formatCount), ""]);
  if (counts.length > 0) {
    lines.push(...columns([["rule", "only before", "only after", "both", ""], ...counts]), "");
  }
  lines.push(
    `${countedAlerts(same)} ${same === 1 ? "stays" : "stay"} as ${same === 1 ? "it is" : "they are"}, ` +
      `${formatCount(changes.length)} ${changes.length === 1 ? "changes" : "change"}; ${countedRuns(runs)}, ${formatCount(points)} points`,
    ...damageLines(damaged),
  );
  return `${lines.join("\n")}\n`;
}

function changeWord(one: ComparedAlert): string {
  const step = one.before?.episode.opened.step;
  const change = changeOf(one);
  return change === "both" ? `moved, was step ${formatCount(step ?? 0)}` : change;
}

function countsByRule(
  alerts: readonly ComparedAlert[],
): ReadonlyMap<string, readonly [before: number, after: number, both: number]> {
  const counts = new Map<string, [number, number, number]>();
  for (const one of alerts) {
    const rule = (one.before ?? one.after)?.episode.rule ?? "";
    const found = counts.get(rule) ?? [0, 0, 0];
    const place = { "only before": 0, "only after": 1, both: 2 } as const;
    found[place[changeOf(one)]] += 1;
    counts.set(rule, found);
  }
  return counts;
}

function placeOf({ run, episode }: ReplayedAlert): string {
  return `${fingerprintOf(episode.rule, episode.split, episode.tag)}\u0000${run}`;
}

function overlap(one: ReplayedAlert, other: ReplayedAlert): boolean {
  const end = ({ episode }: ReplayedAlert): number => episode.resolved?.wallTime ?? Infinity;
  return one.episode.opened.wallTime <= end(other) && other.episode.opened.wallTime <= end(one);
}

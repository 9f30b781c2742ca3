import type { Episode } from "../alerts/episode.js";
import { displayWidth, padded } from "../chat/terminal/display-width.js";
import { formatCount } from "../message/format-number.js";
import { printable } from "./print.js";

export interface ReplayedAlert {
  readonly run: string;
  readonly episode: Episode;
  readonly message: string;
}

export interface ReplayReport {
  readonly alerts: readonly ReplayedAlert[];
  readonly runs: number;
  readonly points: number;
  /** Damaged places that were skipped. */
  readonly damaged: number;
}

/** The report for programs, on one line; non-finite values as strings. */
export function jsonReport({ alerts, runs, points }: ReplayReport): string {
  return `${JSON.stringify({ alerts: alerts.map(alertForPrograms), runs, points })}\n`;
}

/** The report for people: a line per alert, most of it the sentence that a thread would show; then how many of each rule. */
export function tableReport(report: ReplayReport): string {
  const { alerts } = report;
  const head = ["severity", "run", "rule", "step", "resolved", "what it said"];
  const rows = alerts.map(alertCells);
  const lines = alerts.length === 0 ? [] : [...columns([head, ...rows]), ""];
  lines.push(
    `${countedAlerts(alerts.length)} in ${countedRuns(report.runs)}, ${formatCount(report.points)} points`,
  );
  if (alerts.length > 0) {
    const loud = new Set(alerts.map(({ run }) => run)).size;
    lines.push(`${rulesOf(alerts)}; ${formatCount(report.runs - loud)} of ${countedRuns(report.runs)} quiet`);
  }
  lines.push(...damageLines(report.damaged));
  return `${lines.join("\n")}\n`;
}

/** What a table says of an alert: severity, run, rule, step, until when, sentence. */
export function alertCells({ run, episode, message }: ReplayedAlert): readonly string[] {
  const { severity, rule, opened, resolved } = episode;
  const end = resolved === undefined ? "open" : `step ${formatCount(resolved.step)}`;
  return [severity, printable(run), rule, formatCount(opened.step), end, printable(message)];
}

/** Lines of cells, each column as wide as its widest cell, the last one free. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const count = Math.max(0, ...rows.slice(0, 1).map((row) => row.length - 1));
  const widths = new Array<number>(count).fill(0);
  for (const row of rows) {
    for (let i = 0; i < count; i += 1) widths[i] = Math.max(widths[i] ?? 0, displayWidth(row[i] ?? ""));
  }
  return rows.map((row) =>
    row
      .map((cell, i) => (i < count ? padded(cell, widths[i] ?? 0) : cell))
      .join("  ")
      .trimEnd(),
  );
}

export function countedAlerts(count: number): string {
  return count === 1 ? "1 alert" : `${formatCount(count)} alerts`;
}

export function countedRuns(count: number): string {
  return count === 1 ? "1 run" : `${formatCount(count)} runs`;
}

export function damageLines(damaged: number): readonly string[] {
  if (damaged === 0) return [];
  return [`${formatCount(damaged)} damaged places were skipped; tensorbell scalars --json lists them`];
}

/** An alert as JSON names it. */
export function alertForPrograms({ run, episode, message }: ReplayedAlert): object {
  const { split, tag, rule, severity, opened, resolved } = episode;
  return {
    run,
    split,
    tag,
    rule,
    severity,
    step: opened.step,
    wall_time: opened.wallTime,
    value: Number.isFinite(opened.value) ? opened.value : String(opened.value),
    message,
    resolved: resolved === undefined ? null : { step: resolved.step, wall_time: resolved.wallTime },
  };
}

function rulesOf(alerts: readonly ReplayedAlert[]): string {
  const counts = new Map<string, number>();
  for (const { episode } of alerts) counts.set(episode.rule, (counts.get(episode.rule) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([rule, count]) => `${rule} ${formatCount(count)}`)
    .join(", ");
}

import type { Episode } from "../alerts/episode.js";
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
  return `${JSON.stringify({ alerts: alerts.map(alertOf), runs, points })}\n`;
}

/** The report for people: a line per alert, most of it the sentence that a thread would show. */
export function tableReport({ alerts, runs, points, damaged }: ReplayReport): string {
  const rows = alerts.map(({ run, episode, message }) => {
    const { severity, opened, resolved } = episode;
    const end = resolved === undefined ? "open" : `until step ${formatCount(resolved.step)}`;
    return [severity, printable(run), `step ${formatCount(opened.step)}`, end, printable(message)];
  });
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  "));
  const found = alerts.length === 1 ? "1 alert" : `${formatCount(alerts.length)} alerts`;
  lines.push(`${found} in ${formatCount(runs)} runs, ${formatCount(points)} points`);
  if (damaged > 0) {
    lines.push(`${formatCount(damaged)} damaged places were skipped; tensorbell scalars --json lists them`);
  }
  return `${lines.join("\n")}\n`;
}

function alertOf({ run, episode, message }: ReplayedAlert): object {
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

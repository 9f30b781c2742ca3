import { matchesGlob } from "../lib/glob.js";
import type { DestinationId } from "../message/destination.js";
import type { Severity } from "../rules/rule.js";
import type { Run } from "../series/run.js";

/** Which alerts go where, and who is mentioned. Absent conditions match everything. */
export interface Route {
  /** Glob over the run's name. */
  readonly run?: string;
  readonly watch?: string;
  readonly rule?: string;
  readonly atLeast?: Severity;
  readonly to: readonly DestinationId[];
  /** The platform's id of a person or group, mentioned on critical alerts. */
  readonly mention?: string;
}

/** Where one alert goes: each destination once, in the order of the routes, with the first mention that applies. */
export interface Stop {
  readonly destination: DestinationId;
  readonly mention: string | undefined;
}

const weight: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };

export function route(
  routes: readonly Route[],
  alert: { readonly run: Run; readonly rule: string; readonly severity: Severity },
): readonly Stop[] {
  const stops = new Map<DestinationId, string | undefined>();
  for (const candidate of routes) {
    if (candidate.run !== undefined && !matchesGlob(candidate.run, alert.run.name)) continue;
    if (candidate.watch !== undefined && candidate.watch !== alert.run.watch) continue;
    if (candidate.rule !== undefined && candidate.rule !== alert.rule) continue;
    if (candidate.atLeast !== undefined && weight[alert.severity] < weight[candidate.atLeast]) continue;
    for (const destination of candidate.to) {
      const mention = alert.severity === "critical" ? candidate.mention : undefined;
      stops.set(destination, stops.get(destination) ?? mention);
    }
  }
  return [...stops].map(([destination, mention]) => ({ destination, mention }));
}

/** Every destination a run may speak at, whatever the alert: for roots and restarts. */
export function destinationsOf(routes: readonly Route[], run: Run): readonly DestinationId[] {
  const all = routes
    .filter((candidate) => candidate.run === undefined || matchesGlob(candidate.run, run.name))
    .filter((candidate) => candidate.watch === undefined || candidate.watch === run.watch)
    .flatMap((candidate) => candidate.to);
  return [...new Set(all)];
}

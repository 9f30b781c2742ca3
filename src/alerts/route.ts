import { matchesGlob } from "../lib/glob.js";
import { type DestinationId, parseDestination } from "../message/destination.js";
import type { Severity } from "../rules/rule.js";
import type { Run } from "../series/run.js";

/** A run began, or reached its declared length. */
export type RunNews = "start" | "finish";

/** Which alerts go where, and who is mentioned. Absent conditions match everything; the first route that matches is taken. */
export interface Route {
  /** Glob over the run's name. */
  readonly run?: string;
  readonly watch?: string;
  readonly rule?: string;
  readonly atLeast?: Severity;
  readonly to: readonly DestinationId[];
  /** What is said of a run beside its alerts; nothing unless asked for. */
  readonly announce?: readonly RunNews[];
  /** People or groups as `platform:id`, mentioned on what is not just for the record. */
  readonly mention?: readonly string[];
}

/** Who answers for which runs. */
export interface Owner {
  readonly run: string;
  readonly mention: readonly string[];
}

export interface Routing {
  readonly routes: readonly Route[];
  readonly owners: readonly Owner[];
  /** Platforms with a more pressing way than a message, and after how long (ms) a critical alert that nobody acknowledges takes it. */
  readonly pressing?: ReadonlyMap<string, number>;
}

/** Where one alert goes, and whom it mentions there: ids of that platform. */
export interface Stop {
  readonly destination: DestinationId;
  readonly mention: readonly string[];
}

const weight: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };

export function route(
  routing: Routing,
  alert: { readonly run: Run; readonly rule: string; readonly severity: Severity },
): readonly Stop[] {
  const taken = routing.routes.find(
    (candidate) =>
      concerns(candidate, alert.run) &&
      (candidate.rule === undefined || candidate.rule === alert.rule) &&
      (candidate.atLeast === undefined || weight[alert.severity] >= weight[candidate.atLeast]),
  );
  if (taken === undefined) return [];
  const owners = routing.owners
    .filter((owner) => matchesGlob(owner.run, alert.run.name))
    .flatMap((owner) => owner.mention);
  const people = alert.severity === "info" ? [] : [...new Set([...(taken.mention ?? []), ...owners])];
  return taken.to.map((destination) => {
    const { platform } = parseDestination(destination);
    const mention = people.map(parseDestination).filter((person) => person.platform === platform);
    return { destination, mention: mention.map((person) => person.address) };
  });
}

/** Every destination a run may speak at, whatever the alert: for roots and restarts. */
export function destinationsOf(routing: Routing, run: Run): readonly DestinationId[] {
  return [
    ...new Set(
      routing.routes.filter((candidate) => concerns(candidate, run)).flatMap((candidate) => candidate.to),
    ),
  ];
}

/** Destinations that asked to hear when a run begins or ends. */
export function destinationsOfNews(routing: Routing, run: Run, news: RunNews): readonly DestinationId[] {
  const asked = routing.routes.filter(
    (candidate) => concerns(candidate, run) && candidate.announce?.includes(news),
  );
  return [...new Set(asked.flatMap((candidate) => candidate.to))];
}

function concerns(candidate: Route, run: Run): boolean {
  if (candidate.watch !== undefined && candidate.watch !== run.watch) return false;
  return candidate.run === undefined || matchesGlob(candidate.run, run.name);
}

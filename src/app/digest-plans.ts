import type { OutboxEntry } from "../alerts/outbox-entry.js";
import type { Routing } from "../alerts/route.js";
import type { DigestPlan } from "../jobs/schedule-digests.js";
import type { DestinationId } from "../message/destination.js";
import type { Config } from "./config.js";
import { timeZoneOf } from "./routing.js";

const dayMs = 86_400_000;

/** A daily summary for every destination that hears alerts, in its own morning, unless switched off. */
export function digestPlans(config: Config, routing: Routing): readonly DigestPlan[] {
  if (!config.digest.enabled) return [];
  const destinations = [...new Set(routing.routes.flatMap((route) => route.to))];
  return destinations.map((destination) => ({
    destination,
    at: config.digest.at,
    timeZone: timeZoneOf(config, destination),
  }));
}

/** The digest of the 24 hours before `now`, named for its day so that it is said once. */
export function digestEntry(destination: DestinationId, day: string, now: number): OutboxEntry {
  return {
    id: `digest/${day}`,
    destination,
    at: now,
    body: { kind: "digest", day, since: now - dayMs, until: now },
  };
}

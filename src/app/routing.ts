import type { Route, Routing } from "../alerts/route.js";
import type { Locale } from "../lib/locale.js";
import { type DestinationId, parseDestination } from "../message/destination.js";
import { watchIdOf } from "../series/run.js";
import type { Config } from "./config.js";

/** The config's routes, then one that takes the rest to the default destinations. */
export function routingOf(
  config: Config,
  defaults: readonly DestinationId[],
  pressing: ReadonlyMap<string, number> = new Map(),
): Routing {
  const routes = config.routes.map(({ match, to, mention, announce }): Route => {
    const watch = config.watches.find(
      ({ root, name }) => match.watch !== undefined && (name === match.watch || root === match.watch),
    );
    return {
      to,
      ...(match.run === undefined ? {} : { run: match.run }),
      ...(match.watch === undefined ? {} : { watch: watchIdOf(watch?.root ?? match.watch) }),
      ...(match.rule === undefined ? {} : { rule: match.rule }),
      ...(match.severity === undefined ? {} : { atLeast: match.severity }),
      ...(announce === undefined ? {} : { announce }),
      ...(mention === undefined ? {} : { mention }),
    };
  });
  return { routes: [...routes, { to: defaults }], owners: config.owners, pressing };
}

/** The language of a destination: its route's, its platform's, the config's. */
export function localeOf(config: Config, destination: DestinationId): Locale {
  return closest(config, destination, "language") ?? config.language;
}

/** The time zone of a destination, for every time of day said there: its route's, its platform's, the config's, the machine's. */
export function timeZoneOf(config: Config, destination: DestinationId): string {
  return closest(config, destination, "timeZone") ?? config.timeZone ?? machineTimeZone();
}

function machineTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

type Own = Pick<Config["routes"][number], "language" | "timeZone">;

/** What a destination's first route that says something says, else its platform. */
function closest<Key extends keyof Own>(
  config: Config,
  destination: DestinationId,
  key: Key,
): Own[Key] | undefined {
  const routed = config.routes.find((route) => route[key] !== undefined && route.to.includes(destination));
  return (routed ?? platformPart(config, destination))?.[key];
}

function platformPart(config: Config, destination: DestinationId): Own | undefined {
  const { platform } = parseDestination(destination);
  if (platform === "slack") return config.slack;
  if (platform === "terminal") return config.terminal;
  return platform.startsWith("dingtalk") ? config.dingtalk : undefined;
}

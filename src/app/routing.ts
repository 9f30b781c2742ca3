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
  const routed = config.routes.find(
    ({ to, language }) => language !== undefined && to.includes(destination),
  )?.language;
  if (routed !== undefined) return routed;
  const { platform } = parseDestination(destination);
  const own =
    platform === "slack"
      ? config.slack.language
      : platform === "terminal"
        ? config.terminal.language
        : platform.startsWith("dingtalk")
          ? config.dingtalk.language
          : undefined;
  return own ?? config.language;
}

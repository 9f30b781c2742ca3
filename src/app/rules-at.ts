import type { RuleSettings } from "../rules/effective-settings.js";
import type { RulesConfig } from "../rules/rules-config.js";
import { type WatchId, watchIdOf } from "../series/run.js";
import type { Config } from "./config.js";

/** What a configuration alone says for a directory that is named on the command line. */
export function settingsAt(
  config: Pick<Config, "rules" | "watches" | "metrics">,
  root: string,
): RuleSettings {
  return { rules: rulesAt(config, root), metrics: config.metrics, overrides: [] };
}

/**
 * The rules of a configuration as they are for a directory named on the command line: one inside a watch belongs to the
 * nearest watch around it, and what the configuration says of that holds for it.
 */
function rulesAt({ rules, watches }: Pick<Config, "rules" | "watches">, root: string): RulesConfig {
  const written = Object.values(rules).flatMap((entries = []) =>
    entries.flatMap(({ watchIds = [] }) => watchIds),
  );
  const known: ReadonlySet<WatchId> = new Set([...watches.map((watch) => watchIdOf(watch.root)), ...written]);
  const around = [root, ...above(root)].map((path) => watchIdOf(path)).find((id) => known.has(id));
  const own = watchIdOf(root);
  if (around === undefined || around === own) return rules;
  return Object.fromEntries(
    Object.entries(rules).map(([id, entries = []]) => [
      id,
      entries.map((entry) =>
        entry.watchIds?.includes(around) === true ? { ...entry, watchIds: [...entry.watchIds, own] } : entry,
      ),
    ]),
  );
}

/** Directories around a path, or prefixes around an address, the nearest first. */
function above(path: string): readonly string[] {
  const [, scheme = "", rest = path] = /^([a-z0-9+]+:\/\/)?(.*)$/u.exec(path) ?? [];
  const around: string[] = [];
  for (let end = rest.lastIndexOf("/"); end > 0; end = rest.lastIndexOf("/", end - 1))
    around.push(scheme + rest.slice(0, end));
  return scheme === "" ? [...around, "/"] : around;
}

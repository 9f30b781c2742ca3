import type { ChatPlatform } from "../chat/platform.js";
import type { RunStore } from "../alerts/run-store.js";
import type { WatchRegistry } from "../alerts/watch-registry.js";
import type { CommandRequest, Reply } from "../commands/command.js";
import type { AlertBook, MuteStore, OverrideStore, RunDirectory } from "../commands/context.js";
import { dispatch } from "../commands/dispatch.js";
import type { Pipeline } from "../jobs/pipeline.js";
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import { type Destination, destinationId } from "../message/destination.js";
import type { RuleSettings } from "../rules/effective-settings.js";
import type { SettingsOverride } from "../rules/override.js";
import type { Run, RunId } from "../series/run.js";
import { effectiveRules, rehearseOverride } from "./command-ports.js";
import type { Config } from "./config.js";
import { drawSeries } from "./drawing.js";
import { localeOf, timeZoneOf } from "./routing.js";
import { createWatchStore } from "./watch-store.js";
import { watchableRoots } from "./watchable-roots.js";

export interface AnswerPorts {
  readonly config: Config;
  readonly directory: RunDirectory;
  readonly alerts: AlertBook;
  readonly overrides: OverrideStore;
  readonly mutes: MuteStore;
  readonly registry: WatchRegistry;
  readonly runs: RunStore;
  readonly pipeline: Pick<Pipeline, "wakes" | "watch" | "unwatch" | "showRoot">;
  readonly clock: Clock;
  readonly log: Log;
  rules(): Promise<RuleSettings>;
  linkOf(run: Run): string | undefined;
  platformOf(place: Destination): ChatPlatform | undefined;
}

/** Answers people on every platform; what a command changes wakes the runs it is about. */
export function answerCommands(ports: AnswerPorts): (request: CommandRequest) => Promise<Reply> {
  const { config, directory, alerts, overrides, mutes, registry, pipeline, clock, log } = ports;
  const wake = (run: RunId): Promise<void> => pipeline.wakes.ingest(run);
  const watches = createWatchStore({
    registry,
    roots: watchableRoots(config),
    nameOf: (root) => config.watches.find((watch) => watch.root === root)?.name,
    onAdded: (watch) => pipeline.watch(watch),
    onRemoved: (watch) => pipeline.unwatch(watch),
  });
  const wakeScope = async (override: SettingsOverride | undefined): Promise<void> => {
    if (override === undefined) return;
    if (override.scope.kind === "run") return wake(override.scope.run);
    for (const run of await directory.list()) if (run.openEpisodes > 0) await wake(run.id);
  };
  return (request) => {
    const platform = ports.platformOf(request.place);
    const column = platform?.capabilities.column ?? "wide";
    const locale = request.locale ?? localeOf(config, destinationId(request.place));
    return dispatch(request, {
      runs: directory,
      alerts: {
        ...alerts,
        ack: async (run, by, at) => {
          const changed = await alerts.ack(run, by, at);
          if (changed.length > 0) await wake(run);
          return changed;
        },
      },
      overrides: {
        list: () => overrides.list(),
        put: async (override) => {
          const before = await overrides.put(override);
          await wakeScope(override);
          return before;
        },
        remove: async (id) => {
          const removed = await overrides.remove(id);
          await wakeScope(removed);
          return removed;
        },
      },
      mutes: {
        list: () => mutes.list(),
        put: async (mute) => {
          await mutes.put(mute);
          if (mute.target.kind === "run") await pipeline.showRoot(mute.target.run);
        },
        remove: async (id) => {
          const removed = await mutes.remove(id);
          // What the mute kept quiet and is still open is said now.
          if (removed?.target.kind === "run") {
            await wake(removed.target.run);
            await pipeline.showRoot(removed.target.run);
          } else if (removed !== undefined)
            for (const run of await directory.list()) if (run.openEpisodes > 0) await wake(run.id);
          return removed;
        },
      },
      watches,
      ownRules: async () => (await ports.rules()).extra ?? [],
      effectiveRules: (run) => effectiveRules({ directory, rules: () => ports.rules() }, run),
      rehearse: (runs, override) =>
        rehearseOverride({ directory, overrides, rules: () => ports.rules() }, runs, override),
      column,
      draw: (run, series, spoken) => drawSeries(directory, { run, series, locale: spoken, column }),
      tensorboardLink: (run) => ports.linkOf(run),
      permissions: config.permissions,
      timeZone: timeZoneOf(config, destinationId(request.place)),
      quota: platform?.quota?.bind(platform),
      clock,
      log,
      locale,
    });
  };
}

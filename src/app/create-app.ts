import { Pipeline } from "../jobs/pipeline.js";
import { SessionShelf } from "../jobs/session-shelf.js";
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import { systemTimers, type Timer } from "../lib/timers.js";
import { connectRedis, queueConnection, type RedisAddress } from "../redis/connection.js";
import { keys } from "../redis/keys.js";
import { createRedisLaneStore } from "../redis/lane-store.js";
import { createRedisMarkStore } from "../redis/mark-store.js";
import { createRedisMuteStore } from "../redis/mute-store.js";
import { createRedisOverrideStore } from "../redis/override-store.js";
import { createRedisQuotaStore } from "../redis/quota-store.js";
import { createRedisRunStore } from "../redis/run-store.js";
import { createRedisWatchRegistry } from "../redis/watch-registry.js";
import type { RuleSettings } from "../rules/effective-settings.js";
import type { ChatPlatform } from "../chat/platform.js";
import { createAlertBook } from "./alert-book.js";
import type { Config } from "./config.js";
import { offer } from "../commands/offer.js";
import { touchesOf } from "../commands/touch.js";
import { answerCommands } from "./answer-commands.js";
import { digestEntry, digestPlans } from "./digest-plans.js";
import type { Environment } from "./environment.js";
import { type OpenPlatform, openPlatforms } from "./platforms.js";
import { createPointArchive } from "./point-archive.js";
import { regroupBy } from "./regroup.js";
import { sayLostState } from "./lost-state.js";
import { ownRules, withOwnRules } from "./own-rules.js";
import { localeOf, routingOf, timeZoneOf } from "./routing.js";
import { createRunDirectory } from "./run-directory.js";
import { sourceShelf } from "./source-shelf.js";
import { watchableRoots } from "./watchable-roots.js";
import { createSpeaker } from "./speaker.js";
import { guardState } from "./state-guard.js";
import { startPlatforms } from "./start-platforms.js";
import { tensorboardLink } from "./tensorboard-link.js";
import { registerWatches } from "./register-watches.js";

export interface AppOptions {
  readonly config: Config;
  readonly environment: Environment;
  readonly redis: RedisAddress;
  readonly log: Log;
  readonly clock: Clock;
}

/** The running product. */
export interface App {
  start(): Promise<void>;
  /** Lets what is under way end, then closes every connection. */
  stop(): Promise<void>;
}

/** Composition root: every port meets its implementation here, and nowhere else. */
export function createApp(options: AppOptions): App {
  const { config, environment, log, clock } = options;
  const redis = connectRedis(options.redis, log);
  const runs = createRedisRunStore(redis);
  const lanes = createRedisLaneStore(redis);
  const registry = createRedisWatchRegistry(redis);
  const overrides = createRedisOverrideStore(redis);
  const mutes = createRedisMuteStore(redis);
  const openSource = sourceShelf(watchableRoots(config));
  const archive = createPointArchive({ openSource, clock, log });
  const directory = createRunDirectory({ registry, runs, lanes, clock, metrics: config.metrics, archive });
  const keep = { marks: createRedisMarkStore(redis), quota: createRedisQuotaStore(redis) };
  const open = openPlatforms({ ...options, keep });
  const platforms: ReadonlyMap<string, ChatPlatform> = new Map(
    open.map(({ platform }) => [platform.name, platform]),
  );
  const routing = routingOf(
    config,
    open.flatMap(({ destination }) => destination ?? []),
    new Map(
      open.flatMap(({ platform, pressAfterMs: ms }) => (ms === undefined ? [] : [[platform.name, ms]])),
    ),
  );
  const rules = settingsReader(config, overrides);
  const linkOf = (run: Parameters<typeof tensorboardLink>[1]): string | undefined =>
    tensorboardLink(environment.tensorboardUrl, run);
  const openAt = (destination: string): OpenPlatform | undefined =>
    open.find(({ platform }) => destination.startsWith(`${platform.name}:`));
  const speaker = createSpeaker({
    directory,
    runs,
    mutes,
    clock,
    timeZoneOf: (destination) => timeZoneOf(config, destination),
    rules: async () => (await rules()).rules,
    localeOf: (destination) => localeOf(config, destination),
    actOf: (destination, run) => {
      const [at, locale] = [openAt(destination), localeOf(config, destination)];
      return at === undefined ? offer(locale, "help") : at.act(run, locale);
    },
    touchesOf: (destination, run) =>
      openAt(destination)?.platform.capabilities.speakingLinks === true
        ? touchesOf(run, localeOf(config, destination))
        : [],
    linkOf,
  });
  const pipeline = new Pipeline({
    redis: queueConnection(options.redis, log),
    exclusive: environment.redisUrl === undefined,
    runs,
    lanes,
    registry,
    mutes,
    platforms,
    speaker,
    sessions: new SessionShelf(),
    routing,
    clock,
    log,
    intervals: config.polling,
    openSource,
    regroup: regroupBy(config.watches),
    settings: rules,
    mutesNow: () => mutes.list(),
    maxPointBytes: config.redis.maxPointsMiB * 1024 * 1024,
    digests: digestPlans(config, routing),
    digest: async (destination, day) =>
      lanes.append(destination, [digestEntry(destination, day, clock.now())]),
  });
  const answer = answerCommands({
    config,
    directory,
    alerts: createAlertBook({ registry, runs }),
    overrides,
    mutes,
    registry,
    runs,
    pipeline,
    rules: async () => (await rules()).rules,
    linkOf,
    platformOf: ({ platform }) => platforms.get(platform),
    clock,
    log,
  });
  const meetState = async (): Promise<void> => {
    await sayLostState({ redis, registry, lanes, routing, clock, log, home: environment.home });
    await registerWatches(registry, config.watches, clock.now());
  };
  let guard: Timer | undefined;
  return {
    start: async () => {
      await ownRules(config);
      await meetState();
      await startPlatforms(open, (request) => pipeline.turns.first(() => answer(request)));
      await pipeline.start();
      guard = await guardState({
        timers: systemTimers,
        log,
        identity: () => redis.get(keys.identity),
        isScheduled: () => pipeline.isScheduled(),
        schedule: () => pipeline.schedule(),
        beginAnew: async () => {
          await meetState();
          await pipeline.beginAnew();
        },
      });
    },
    stop: async () => {
      guard?.cancel();
      await pipeline.stop();
      await Promise.all(open.map(({ platform }) => platform.stop()));
      redis.disconnect();
    },
  };
}

/** The settings in force; asked for at every ingest, read again only when somebody changed one. */
function settingsReader(config: Config, overrides: ReturnType<typeof createRedisOverrideStore>) {
  let known: { readonly version: number; readonly rules: RuleSettings } | undefined;
  return async (): Promise<{ readonly version: number; readonly rules: RuleSettings }> => {
    const version = await overrides.version();
    if (known?.version !== version) {
      known = {
        version,
        rules: await withOwnRules(
          { rules: config.rules, metrics: config.metrics, overrides: await overrides.list() },
          config,
        ),
      };
    }
    return known;
  };
}

import { readDingTalkOptions } from "../../src/chat/dingtalk/dingtalk-config.js";
import {
  createDingTalkPlatform,
  type DingTalkPlatformOptions,
} from "../../src/chat/dingtalk/dingtalk-platform.js";
import type { ChatPlatform } from "../../src/chat/platform.js";
import { systemClock } from "../../src/lib/clock.js";
import { systemTimers, type Timer, type Timers } from "../../src/lib/timers.js";
import type { FakeDingTalk } from "./fake-dingtalk/fake-dingtalk.js";
import { type LogLine, recordingLog } from "./slack-rig.js";

/** Short pauses where the product waits for seconds; patience with what is only slow stays long, so that a busy machine changes nothing. */
export const quickDingTalk: NonNullable<DingTalkPlatformOptions["timings"]> = {
  callMs: 10_000,
  uploadMs: 10_000,
  handshakeMs: 10_000,
  pingMs: 1_000,
  idleMs: 30_000,
  overlapMs: 600,
  backoffFirstMs: 20,
  backoffCapMs: 100,
  refusedMs: 150,
  drainMs: 2_000,
  cardEveryMs: 60,
  banMs: 300,
  webhookEveryMs: 1,
  webhookHoldMs: 300,
};

/** The app platform against a fake DingTalk, with quick waits; not started. Whatever happens to it is told to the fake's `until`. */
export function dingTalkPlatformAt(
  fake: FakeDingTalk,
  given: Partial<DingTalkPlatformOptions> = {},
): ChatPlatform & { readonly lines: readonly LogLine[] } {
  const config = readDingTalkOptions(fake.env);
  if (config.kind !== "on")
    throw new Error(`the fake's own environment is refused: ${JSON.stringify(config)}`);
  const log = recordingLog(() => fake.happened());
  const platform = createDingTalkPlatform({
    ...config.options,
    log,
    clock: systemClock,
    timings: quickDingTalk,
    ...given,
    timers: telling(given.timers ?? systemTimers, () => fake.happened()),
  });
  const start = platform.start.bind(platform);
  return Object.assign(platform, {
    lines: log.lines,
    start: (onCommand: Parameters<ChatPlatform["start"]>[0]) =>
      start((request) => {
        try {
          return onCommand(request);
        } finally {
          fake.happened();
        }
      }),
  });
}

/** What must stand in no log: the app's secret and token, and the addresses' own secrets. */
export function secretsIn(lines: readonly LogLine[], { world }: FakeDingTalk): readonly string[] {
  const log = JSON.stringify(lines);
  const known = [world.clientSecret, world.token].filter((secret) => log.includes(secret));
  return [...known, ...(log.match(/(?:ticket|session|access_token|sign)=(?!…)[^"\\\s]*/g) ?? [])];
}

/** Timers that tell when one is set, over or called off. */
function telling(timers: Timers, tell: () => void): Timers {
  const told = (set: (run: () => void) => Timer, run: () => void): Timer => {
    const timer = set(() => {
      run();
      tell();
    });
    tell();
    return {
      cancel() {
        timer.cancel();
        tell();
      },
    };
  };
  return {
    after: (ms, run) => told((then) => timers.after(ms, then), run),
    every: (ms, run) => told((then) => timers.every(ms, then), run),
  };
}

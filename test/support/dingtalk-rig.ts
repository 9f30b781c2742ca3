import { readDingTalkOptions } from "../../src/chat/dingtalk/dingtalk-config.js";
import {
  createDingTalkPlatform,
  type DingTalkPlatformOptions,
} from "../../src/chat/dingtalk/dingtalk-platform.js";
import type { ChatPlatform } from "../../src/chat/platform.js";
import { systemClock } from "../../src/lib/clock.js";
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

/** The app platform against a fake DingTalk, with quick waits; not started. */
export function dingTalkPlatformAt(
  fake: FakeDingTalk,
  given: Partial<DingTalkPlatformOptions> = {},
): ChatPlatform & { readonly lines: readonly LogLine[] } {
  const config = readDingTalkOptions(fake.env);
  if (config.kind !== "on")
    throw new Error(`the fake's own environment is refused: ${JSON.stringify(config)}`);
  const log = recordingLog();
  const platform = createDingTalkPlatform({
    ...config.options,
    log,
    clock: systemClock,
    timings: quickDingTalk,
    ...given,
  });
  return Object.assign(platform, { lines: log.lines });
}

import type { SlackPlatformOptions } from "../../src/chat/slack/slack-platform.js";
import { createSlackPlatform } from "../../src/chat/slack/slack-platform.js";
import { readSlackOptions } from "../../src/chat/slack/slack-config.js";
import type { ChatPlatform } from "../../src/chat/platform.js";
import { systemClock } from "../../src/lib/clock.js";
import type { Log } from "../../src/lib/log.js";
import type { FakeSlack } from "./fake-slack/fake-slack.js";

/** Waits of a few milliseconds where the product waits seconds. */
export const quick: NonNullable<SlackPlatformOptions["timings"]> = {
  callMs: 500,
  helloMs: 400,
  closeMs: 300,
  pingMs: 300,
  drainMs: 2_000,
  backoffFirstMs: 20,
  backoffCapMs: 100,
  steadyMs: 0,
  refusedMs: 200,
  picturePollsMs: [10, 20, 40],
  pictureCapMs: 400,
  postEveryMs: 1,
  editEveryMs: 1,
};

export interface LogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly facts: object;
  readonly event: string;
}

export function recordingLog(
  onLine: () => void = () => undefined,
): Log & { readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = [];
  const at = (level: LogLine["level"]) => (facts: object, event: string) => {
    lines.push({ level, facts, event });
    onLine();
  };
  return { lines, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** The platform against a fake Slack, with quick waits; not started. */
export function slackPlatformAt(
  slack: FakeSlack,
  given: Partial<SlackPlatformOptions> = {},
): ChatPlatform & { readonly lines: readonly LogLine[] } {
  const config = readSlackOptions(slack.env);
  if (config.kind !== "on")
    throw new Error(`the fake's own environment is refused: ${JSON.stringify(config)}`);
  const log = recordingLog();
  const platform = createSlackPlatform({
    ...config.options,
    log,
    clock: systemClock,
    timings: quick,
    ...given,
  });
  return Object.assign(platform, { lines: log.lines });
}

/** What the fake refused of a message's content, and what it noted: both expected to be empty. */
export function problemsOf(slack: FakeSlack): readonly string[] {
  const refused = slack.calls.filter((call) => contentRefusals.test(call.outcome));
  return [...slack.problems, ...refused.map((call) => `${call.method} was refused: ${call.outcome}`)];
}

const contentRefusals = /^(?:invalid_(?:blocks|arguments|metadata)|msg_|no_text|only_one_table|metadata_)/;

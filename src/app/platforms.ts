import { join } from "node:path";
import { readDingTalkOptions, readDingTalkWebhookOptions } from "../chat/dingtalk/dingtalk-config.js";
import { createDingTalkPlatform } from "../chat/dingtalk/dingtalk-platform.js";
import type { MarkStore } from "../chat/dingtalk/mark-store.js";
import type { QuotaStore } from "../chat/dingtalk/quota-store.js";
import { createDingTalkWebhook } from "../chat/dingtalk/dingtalk-webhook.js";
import type { ChatPlatform } from "../chat/platform.js";
import { readSlackOptions } from "../chat/slack/slack-config.js";
import { createSlackPlatform } from "../chat/slack/slack-platform.js";
import { createTerminalPlatform } from "../chat/terminal/terminal-platform.js";
import type { Clock } from "../lib/clock.js";
import type { Locale } from "../lib/locale.js";
import type { Log } from "../lib/log.js";
import type { DestinationId } from "../message/destination.js";
import { offer, ownWord } from "../commands/offer.js";
import { quoted } from "../commands/shown.js";
import type { Post } from "../message/post.js";
import type { Run } from "../series/run.js";
import type { Config } from "./config.js";
import type { Environment } from "./environment.js";
import { StartProblem } from "./start-problem.js";

export interface PlatformPorts {
  readonly config: Config;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly log: Log;
  /** What platforms keep beyond this process. */
  readonly keep?: { readonly marks: MarkStore; readonly quota: QuotaStore };
}

/** A platform that is on, and where it says what no route takes; without such a place it only answers. */
export interface OpenPlatform {
  readonly platform: ChatPlatform;
  readonly destination: DestinationId | undefined;
  /** After how long a critical alert that nobody acknowledges reaches its people by a more pressing way; off where left out. */
  readonly pressAfterMs?: number;
  /** What to type there, in a run's conversation, to quiet the run, in the language spoken there; none where nobody hears it. */
  act(run: Run, locale: Locale): string | undefined;
}

/** The vendors, each switched on by its own settings. The one place outside `chat` that names them. */
const vendors: Readonly<Record<string, (ports: PlatformPorts) => OpenPlatform | undefined>> = {
  slack: openSlack,
  dingtalk: openDingTalk,
  "dingtalk-webhook": openDingTalkWebhook,
};

function quietByName({ name }: Run, locale: Locale): string {
  return offer(locale, "mute", quoted(name), ownWord(locale, "2h"));
}

/** Platforms whose settings are there; the terminal where it is wanted, or where there is nothing else. */
export function openPlatforms(ports: PlatformPorts): readonly OpenPlatform[] {
  const found = Object.values(vendors).flatMap((open) => open(ports) ?? []);
  const terminal = ports.config.terminal.enabled ?? found.length === 0;
  return terminal ? [...found, openTerminal(ports)] : found;
}

function openSlack({ config, environment, clock, log }: PlatformPorts): OpenPlatform | undefined {
  const read = readSlackOptions(environment.variables);
  if (read.kind === "off") return undefined;
  if (read.kind === "problem") throw new StartProblem(read.problems.join("\n  "));
  const channel = config.slack.channel ?? environment.variables.SLACK_CHANNEL;
  if (channel === undefined && config.routes.length === 0) {
    log.warn(
      { remedy: "set SLACK_CHANNEL or slack.channel to the id of a channel (C…)" },
      "slack_has_no_channel",
    );
  }
  return {
    platform: createSlackPlatform({ ...read.options, clock, log }),
    destination: channel === undefined ? undefined : `slack:${channel}`,
    act: (_run, locale) => `@TensorBell ${ownWord(locale, "mute")} ${ownWord(locale, "2h")}`,
  };
}

function openDingTalk(ports: PlatformPorts): OpenPlatform | undefined {
  const { config, environment, clock, log } = ports;
  const read = readDingTalkOptions(environment.variables);
  if (read.kind === "off") return undefined;
  if (read.kind === "problem") throw new StartProblem(read.problems.join("\n  "));
  const conversation = config.dingtalk.conversation ?? environment.variables.DINGTALK_CONVERSATION;
  if (conversation === undefined && config.routes.length === 0) {
    log.warn(
      { remedy: "write `@TensorBell whoami` in the group and set DINGTALK_CONVERSATION to the id it shows" },
      "dingtalk_has_no_conversation",
    );
  }
  const robot = customRobot(ports);
  const overflow =
    robot === undefined
      ? undefined
      : (post: Post) => robot.deliver(post, { platform: robot.name, address: robotPlace });
  return {
    platform: createDingTalkPlatform({
      ...read.options,
      ...ports.keep,
      budget: { api: config.dingtalk.apiBudget, webhookStream: config.dingtalk.messageBudget },
      ...(conversation === undefined ? {} : { home: conversation }),
      ...(config.dingtalk.cardTemplateId === undefined
        ? {}
        : { cardTemplateId: config.dingtalk.cardTemplateId }),
      commandLinks: config.dingtalk.commandLinks,
      ...(overflow === undefined ? {} : { overflow }),
      ...(config.dingtalk.ding === "off" ? {} : { ding: config.dingtalk.ding }),
      locale: config.dingtalk.language ?? config.language,
      clock,
      log,
    }),
    destination: conversation === undefined ? undefined : `dingtalk:${conversation}`,
    ...(config.dingtalk.ding === "off" ? {} : { pressAfterMs: config.dingtalk.dingAfterMinutes * 60_000 }),
    // Names the run, so that it works without quoting; a long name would be cut in the middle.
    act: ({ name }, locale) =>
      [
        "@TensorBell",
        ownWord(locale, "mute"),
        ...(name.length <= 80 ? [quoted(name)] : []),
        ownWord(locale, "2h"),
      ].join(" "),
  };
}

/** Beside the app it says only what routes send there, and the app's overflow; alone it takes what no route takes. */
function openDingTalkWebhook(ports: PlatformPorts): OpenPlatform | undefined {
  const platform = customRobot(ports);
  if (platform === undefined) return undefined;
  const alone = readDingTalkOptions(ports.environment.variables).kind === "off";
  return {
    platform,
    destination: alone ? `${platform.name}:${robotPlace}` : undefined,
    // It hears nothing; beside the app, the app does.
    act: alone ? () => undefined : quietByName,
  };
}

const robotPlace = "group";
const robots = new WeakMap<PlatformPorts, ChatPlatform>();

/** The one custom robot there is: whoever speaks through it shares its pace. */
function customRobot(ports: PlatformPorts): ChatPlatform | undefined {
  const { config, environment, clock, log } = ports;
  const read = readDingTalkWebhookOptions(environment.variables);
  if (read.kind === "off") return undefined;
  if (read.kind === "problem") throw new StartProblem(read.problems.join("\n  "));
  const made =
    robots.get(ports) ??
    createDingTalkWebhook({
      ...read.options,
      ...(ports.keep === undefined ? {} : { quota: ports.keep.quota }),
      budget: { api: config.dingtalk.apiBudget, webhookStream: config.dingtalk.messageBudget },
      locale: config.dingtalk.language ?? config.language,
      place: robotPlace,
      clock,
      log,
    });
  robots.set(ports, made);
  return made;
}

function openTerminal({ environment, clock, log }: PlatformPorts): OpenPlatform {
  const platform = createTerminalPlatform({
    input: process.stdin,
    output: process.stdout,
    pictureFolder: join(environment.home, "charts"),
    clock,
    log,
  });
  return { platform, destination: "terminal:stdout", act: quietByName };
}

import type { Receiver } from "@slack/bolt";
import { App, LogLevel } from "@slack/bolt";

import type { Log } from "../../lib/log.js";
import { sdkLogger } from "./sdk-logger.js";
import type { SlackOptions } from "./slack-config.js";
import type { SlackIdentity } from "./slack-identity.js";
import type { Spoken } from "./slack-inbound.js";
import { readDirectMessage, readMention, readSlashCommand } from "./slack-inbound.js";
import type { SlackTimings } from "./slack-timings.js";

export interface SlackAppParts {
  readonly options: SlackOptions & { readonly log: Log };
  readonly timings: SlackTimings;
  readonly receiver: Receiver;
  readonly identity: SlackIdentity;
  hear(spoken: Spoken | undefined): Promise<void>;
  onUninstalled(): void;
}

/** Bolt's App with every listener of ours; `init` is still to be called. Commands are acknowledged before anything else happens. */
export function createSlackApp(parts: SlackAppParts): App {
  const { options, timings, receiver, identity } = parts;
  const app = new App({
    token: options.botToken.reveal(),
    receiver,
    deferInitialization: true,
    tokenVerificationEnabled: false,
    // Both known, or Bolt would ask for them at every event.
    botId: identity.botId ?? identity.userId,
    botUserId: identity.userId,
    convoStore: false,
    logger: sdkLogger(options.log),
    logLevel: LogLevel.WARN,
    clientOptions: {
      slackApiUrl: options.apiUrl,
      retryConfig: { retries: 0 },
      timeout: timings.callMs,
      rejectRateLimitedCalls: true,
      allowAbsoluteUrls: false,
    },
  });
  app.error((error) => {
    options.log.error({ err: error }, "slack_listener_failed");
    return Promise.resolve();
  });
  app.command(options.command, async ({ ack, body }) => {
    await ack();
    await parts.hear(readSlashCommand(body));
  });
  app.event("app_mention", ({ body }) => parts.hear(readMention(body, identity.userId)));
  app.event("message", ({ body }) => parts.hear(readDirectMessage(body, identity.userId)));
  for (const end of ["tokens_revoked", "app_uninstalled"]) {
    app.event(end, () => {
      parts.onUninstalled();
      return Promise.resolve();
    });
  }
  return app;
}

import type { Logger } from "@slack/bolt";
import { LogLevel } from "@slack/bolt";

import type { Log } from "../../lib/log.js";

/**
 * What Slack's packages may log through: their words at debug level only (what matters is logged by us as a fact), with
 * every token and every URL that is a secret in itself taken out.
 */
export function sdkLogger(log: Log): Logger {
  const write = (...words: unknown[]): void => {
    log.debug({ words: redact(words.map(textOf).join(" ")) }, "slack_sdk");
  };
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: write,
    error: write,
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}

/** Takes tokens, one-time socket addresses, response URLs and upload URLs out of a text, and bounds it. */
export function redact(text: string): string {
  return text
    .slice(0, 2_000)
    .replaceAll(/\bx(?:ox[a-z]|app|oxe\.xox[bp])-[\w-]+/g, "[secret]")
    .replaceAll(/\bwss?:\/\/\S+/g, "[socket address]")
    .replaceAll(
      /\bhttps?:\/\/[^\s"']*(?:hooks\.slack|files\.slack|upload|ticket=|\/commands\/|\/response)[^\s"']*/g,
      "[secret address]",
    )
    .replaceAll(/(Bearer\s+)\S+/gi, "$1[secret]");
}

function textOf(word: unknown): string {
  if (typeof word === "string") return word;
  if (word instanceof Error) return word.message;
  return typeof word === "object" ? JSON.stringify(word) : typeof word;
}

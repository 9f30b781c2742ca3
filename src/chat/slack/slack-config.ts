import { z } from "zod";

import { Secret } from "../../lib/secret.js";
import { type Proxies, readProxies } from "../proxies.js";

/** What the Slack platform is made from. */
export interface SlackOptions {
  readonly botToken: Secret;
  readonly appToken: Secret;
  /** Base of every call, with a slash at its end. */
  readonly apiUrl: string;
  readonly command: string;
  readonly proxies: Proxies;
}

/** The variables of Slack, as `.env.example` and the docs list them; secrets also exist as `<name>_FILE`. */
export const slackEnvironment = [
  {
    name: "SLACK_BOT_TOKEN",
    secret: true,
    sentence:
      "The bot user's token (xoxb-…), from OAuth & Permissions of your Slack app; Slack is on when it is set.",
  },
  {
    name: "SLACK_APP_TOKEN",
    secret: true,
    sentence:
      "The app-level token (xapp-…) with the scope connections:write, from Basic Information; Socket Mode needs it.",
  },
  {
    name: "SLACK_API_URL",
    secret: false,
    sentence:
      "Where the Web API lives; only for another server that speaks it (default https://slack.com/api/).",
  },
] as const;

export const slackDefaultUrl = "https://slack.com/api/";

export type SlackConfig =
  | { readonly kind: "off" }
  | { readonly kind: "on"; readonly options: SlackOptions }
  | { readonly kind: "problem"; readonly problems: readonly string[] };

/** Reads Slack's part of the environment: off without tokens, every problem as one sentence, no value ever quoted. */
export function readSlackOptions(env: Readonly<Record<string, string | undefined>>): SlackConfig {
  const given = { bot: trimmed(env["SLACK_BOT_TOKEN"]), app: trimmed(env["SLACK_APP_TOKEN"]) };
  if (given.bot === undefined && given.app === undefined) return { kind: "off" };
  const apiUrl = trimmed(env["SLACK_API_URL"]) ?? slackDefaultUrl;
  const problems: string[] = [];
  const base = apiUrlSchema.safeParse(apiUrl);
  if (!base.success) {
    problems.push(
      "SLACK_API_URL is not a URL that starts with https:// (or http://); leave it out for Slack itself.",
    );
  }
  const atSlack = base.success && new URL(base.data).hostname.endsWith("slack.com");
  problems.push(...tokenProblems(given, atSlack));
  const way = readProxies(env);
  if (way.kind === "problem") problems.push(...way.problems);
  const { bot, app } = given;
  if (
    problems.length > 0 ||
    way.kind === "problem" ||
    !base.success ||
    bot === undefined ||
    app === undefined
  ) {
    return { kind: "problem", problems };
  }
  return {
    kind: "on",
    options: {
      botToken: new Secret(bot),
      appToken: new Secret(app),
      apiUrl: base.data,
      command: "/tb",
      proxies: way.proxies,
    },
  };
}

const apiUrlSchema = z
  .url({ protocol: /^https?$/ })
  .transform((url) => (url.endsWith("/") ? url : `${url}/`));

interface Tokens {
  readonly bot: string | undefined;
  readonly app: string | undefined;
}

function tokenProblems({ bot, app }: Tokens, atSlack: boolean): readonly string[] {
  if (bot?.startsWith("xapp-") === true && app?.startsWith("xoxb-") === true) {
    return [
      "SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped: the bot token starts with xoxb-, the app token with xapp-.",
    ];
  }
  return [botTokenProblem(bot, atSlack), appTokenProblem(app, atSlack)].filter(
    (problem) => problem !== undefined,
  );
}

function botTokenProblem(token: string | undefined, atSlack: boolean): string | undefined {
  if (token === undefined) {
    return "SLACK_BOT_TOKEN is missing: install the app to the workspace and copy the Bot User OAuth Token (xoxb-…).";
  }
  if (/\s/.test(token)) return "SLACK_BOT_TOKEN has white space inside: copy it again, it is one word.";
  if (token.startsWith("xapp-"))
    return "SLACK_BOT_TOKEN holds an app-level token (xapp-…): the bot token starts with xoxb-.";
  if (token.startsWith("xoxp-"))
    return "SLACK_BOT_TOKEN holds a user token (xoxp-…): use the Bot User OAuth Token (xoxb-…).";
  if (token.startsWith("xoxe")) {
    return "SLACK_BOT_TOKEN holds a token that expires (xoxe…): switch token rotation off in the app's settings and install again.";
  }
  if (atSlack && !token.startsWith("xoxb-"))
    return "SLACK_BOT_TOKEN does not look like a bot token: it starts with xoxb-.";
  return undefined;
}

function appTokenProblem(token: string | undefined, atSlack: boolean): string | undefined {
  if (token === undefined) {
    return "SLACK_APP_TOKEN is missing: generate an app-level token with connections:write under Basic Information (xapp-…).";
  }
  if (/\s/.test(token)) return "SLACK_APP_TOKEN has white space inside: copy it again, it is one word.";
  if (token.startsWith("xox"))
    return "SLACK_APP_TOKEN holds a bot or user token: the app-level token starts with xapp-.";
  if (atSlack && !token.startsWith("xapp-"))
    return "SLACK_APP_TOKEN does not look like an app-level token: it starts with xapp-.";
  return undefined;
}

function trimmed(value: string | undefined): string | undefined {
  const text = value?.trim();
  return text === undefined || text === "" ? undefined : text;
}

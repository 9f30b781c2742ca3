import { z } from "zod";
import type { Config } from "../app/config.js";
import type { Environment } from "../app/environment.js";
import { readSlackOptions, type SlackOptions } from "../chat/slack/slack-config.js";
import { createWayOut, type WayOut } from "../chat/way-out.js";
import { networkCode } from "../lib/network-failure.js";
import type { Secret } from "../lib/secret.js";
import type { Check } from "./doctor-check.js";

const timeoutMs = 10_000;

/** Whether Slack accepts both tokens, by the calls that change nothing; no token is ever shown. */
export async function checkSlack(environment: Environment, config: Config): Promise<readonly Check[]> {
  const slack = readSlackOptions(environment.variables);
  if (slack.kind === "off") {
    return [{ name: "slack", state: "ok", found: "off (SLACK_BOT_TOKEN and SLACK_APP_TOKEN are not set)" }];
  }
  if (slack.kind === "problem") {
    return slack.problems.map((remedy) => ({
      name: "slack",
      state: "fault",
      found: "its variables are wrong",
      remedy,
    }));
  }
  return [...(await checkTokens(slack.options)), checkChannel(environment, config)];
}

async function checkTokens(options: SlackOptions): Promise<readonly Check[]> {
  const { botToken, appToken, apiUrl } = options;
  const wayOut = createWayOut(options.proxies);
  return Promise.all([
    ask("slack bot token", {
      url: `${apiUrl}auth.test`,
      token: botToken,
      variable: "SLACK_BOT_TOKEN",
      wayOut,
    }),
    ask("slack app token", {
      url: `${apiUrl}apps.connections.open`,
      token: appToken,
      variable: "SLACK_APP_TOKEN",
      wayOut,
    }),
  ]);
}

const answerSchema = z.object({
  ok: z.boolean(),
  error: z.string().optional(),
  team: z.string().optional(),
  user: z.string().optional(),
});

interface Question {
  readonly url: string;
  readonly token: Secret;
  readonly variable: string;
  readonly wayOut: WayOut;
}

async function ask(name: string, { url, token, variable, wayOut }: Question): Promise<Check> {
  try {
    const response = await wayOut.fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${token.reveal()}` },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer = answerSchema.parse(await response.json());
    if (answer.ok) {
      const who =
        answer.user === undefined ? "accepted" : `${answer.user} in ${answer.team ?? "the workspace"}`;
      return { name, state: "ok", found: who };
    }
    const error = answer.error ?? `status ${response.status}`;
    const remedy =
      remedies[error] ?? `copy ${variable} again from the app's settings and install the app anew`;
    return { name, state: "fault", found: `Slack says ${error}`, remedy };
  } catch (error) {
    const reason =
      error instanceof z.ZodError ? "the answer is none of Slack's" : (networkCode(error) ?? causeOf(error));
    const remedy = "check the network, a proxy, and SLACK_API_URL if it is set";
    return { name, state: "fault", found: `${new URL(url).host} cannot be asked: ${reason}`, remedy };
  }
}

const remedies: Readonly<Record<string, string>> = {
  missing_scope: "add the scopes of `tensorbell manifest` to the app and install it anew",
  not_allowed_token_type: "SLACK_APP_TOKEN must be an app-level token (xapp-…) with connections:write",
  ratelimited: "Slack asks to slow down; try again in a minute",
};

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== "" ? cause.message : error.message;
}

function checkChannel(environment: Environment, config: Config): Check {
  const channel = config.slack.channel ?? environment.variables.SLACK_CHANNEL;
  const routed = config.routes.some(({ to }) => to.some((id) => id.startsWith("slack:")));
  if (channel !== undefined || routed)
    return { name: "slack channel", state: "ok", found: channel ?? "by routes" };
  const remedy = "set slack.channel in tensorbell.yaml or SLACK_CHANNEL, and invite the bot there";
  return { name: "slack channel", state: "fault", found: "no channel for alerts is named", remedy };
}

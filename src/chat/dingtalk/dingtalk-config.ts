import { z } from "zod";

import { Secret } from "../../lib/secret.js";
import { type Proxies, readProxies } from "../proxies.js";

/** What the DingTalk app (Stream mode and OpenAPI) is made from. */
export interface DingTalkOptions {
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** For an internal app's robot the same as the client id, unless the console shows another. */
  readonly robotCode: string;
  /** Where set, who belongs to another organisation is a stranger. */
  readonly corpId: string | undefined;
  /** Base of the v1.0 API, without a slash at its end. */
  readonly apiUrl: string;
  /** Base of the old API (media, webhooks), without a slash at its end. */
  readonly oapiUrl: string;
  readonly proxies: Proxies;
}

/** What a custom group robot is made from. */
export interface DingTalkWebhookOptions {
  readonly url: Secret;
  readonly secret: Secret | undefined;
  /** The word that the robot's keyword check wants to see. */
  readonly keyword: string | undefined;
  readonly proxies: Proxies;
}

/** The variables of DingTalk, as `.env.example` and the docs list them; secrets also exist as `<name>_FILE`. */
export const dingtalkEnvironment = [
  {
    name: "DINGTALK_CLIENT_ID",
    secret: false,
    sentence: "Client ID (AppKey) of your DingTalk app; the app is on when it and its secret are set.",
  },
  {
    name: "DINGTALK_CLIENT_SECRET",
    secret: true,
    sentence: "Client Secret (AppSecret) of your DingTalk app, from its page of credentials.",
  },
  {
    name: "DINGTALK_ROBOT_CODE",
    secret: false,
    sentence: "The robot's code, only where it differs from the Client ID.",
  },
  {
    name: "DINGTALK_CORP_ID",
    secret: false,
    sentence: "Id of your organisation (ding…); where set, people of other organisations may only read.",
  },
  {
    name: "DINGTALK_WEBHOOK_URL",
    secret: true,
    sentence: "Address of a custom group robot (…/robot/send?access_token=…): send-only, without an app.",
  },
  {
    name: "DINGTALK_WEBHOOK_SECRET",
    secret: true,
    sentence: "The custom robot's signing secret (SEC…), where its security setting is a signature.",
  },
  {
    name: "DINGTALK_WEBHOOK_KEYWORD",
    secret: false,
    sentence: "The custom robot's keyword, where its security setting is one.",
  },
  {
    name: "DINGTALK_API_URL",
    secret: false,
    sentence:
      "Where the API lives; only for another server that speaks it (default https://api.dingtalk.com).",
  },
  {
    name: "DINGTALK_OAPI_URL",
    secret: false,
    sentence: "Where the old API lives (media, webhooks; default https://oapi.dingtalk.com).",
  },
] as const;

export const dingtalkDefaults = {
  apiUrl: "https://api.dingtalk.com",
  oapiUrl: "https://oapi.dingtalk.com",
} as const;

export type DingTalkConfig<Options> =
  | { readonly kind: "off" }
  | { readonly kind: "on"; readonly options: Options }
  | { readonly kind: "problem"; readonly problems: readonly string[] };

type Env = Readonly<Record<string, string | undefined>>;

/** Reads the app's part of the environment: off without credentials, every problem as one sentence, no value ever quoted. */
export function readDingTalkOptions(env: Env): DingTalkConfig<DingTalkOptions> {
  const id = trimmed(env["DINGTALK_CLIENT_ID"]);
  const secret = trimmed(env["DINGTALK_CLIENT_SECRET"]);
  if (id === undefined && secret === undefined) return { kind: "off" };
  const problems: string[] = [];
  const apiUrl = baseUrl(env, "DINGTALK_API_URL", dingtalkDefaults.apiUrl);
  const oapiUrl = baseUrl(env, "DINGTALK_OAPI_URL", dingtalkDefaults.oapiUrl);
  for (const base of [apiUrl, oapiUrl]) if (base.kind === "problem") problems.push(base.problem);
  const way = readProxies(env);
  if (way.kind === "problem") problems.push(...way.problems);
  if (id === undefined)
    problems.push("DINGTALK_CLIENT_ID is missing: copy the Client ID from the app's page of credentials.");
  if (secret === undefined)
    problems.push(
      "DINGTALK_CLIENT_SECRET is missing: copy the Client Secret from the app's page of credentials.",
    );
  for (const [name, value] of [
    ["DINGTALK_CLIENT_ID", id],
    ["DINGTALK_CLIENT_SECRET", secret],
  ] as const) {
    if (value !== undefined && /\s/.test(value))
      problems.push(`${name} has white space inside: copy it again, it is one word.`);
  }
  if (
    id === undefined ||
    secret === undefined ||
    apiUrl.kind !== "url" ||
    oapiUrl.kind !== "url" ||
    way.kind === "problem" ||
    problems.length > 0
  ) {
    return { kind: "problem", problems };
  }
  return {
    kind: "on",
    options: {
      clientId: id,
      clientSecret: new Secret(secret),
      robotCode: trimmed(env["DINGTALK_ROBOT_CODE"]) ?? id,
      corpId: trimmed(env["DINGTALK_CORP_ID"]),
      apiUrl: apiUrl.url,
      oapiUrl: oapiUrl.url,
      proxies: way.proxies,
    },
  };
}

const whereRobot = "copy the Webhook of the custom robot from the group's settings.";

/** Reads the custom robot's part: off where nothing of it is set. */
export function readDingTalkWebhookOptions(env: Env): DingTalkConfig<DingTalkWebhookOptions> {
  const url = trimmed(env["DINGTALK_WEBHOOK_URL"]);
  if (url === undefined) {
    const half = ["DINGTALK_WEBHOOK_SECRET", "DINGTALK_WEBHOOK_KEYWORD"].find((name) => trimmed(env[name]));
    if (half === undefined) return { kind: "off" };
    return {
      kind: "problem",
      problems: [`${half} is set, and DINGTALK_WEBHOOK_URL is missing: ${whereRobot}`],
    };
  }
  const problems: string[] = [];
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (
    parsed === undefined ||
    !/^https?:$/.test(parsed.protocol) ||
    !parsed.searchParams.has("access_token")
  ) {
    problems.push(
      "DINGTALK_WEBHOOK_URL is not a robot's address: it looks like https://oapi.dingtalk.com/robot/send?access_token=…",
    );
  }
  const secret = trimmed(env["DINGTALK_WEBHOOK_SECRET"]);
  if (secret !== undefined && /\s/.test(secret))
    problems.push("DINGTALK_WEBHOOK_SECRET has white space inside: copy it again, it is one word.");
  const way = readProxies(env);
  if (way.kind === "problem") return { kind: "problem", problems: [...problems, ...way.problems] };
  if (problems.length > 0) return { kind: "problem", problems };
  return {
    kind: "on",
    options: {
      url: new Secret(url),
      secret: secret === undefined ? undefined : new Secret(secret),
      keyword: trimmed(env["DINGTALK_WEBHOOK_KEYWORD"]),
      proxies: way.proxies,
    },
  };
}

type Base =
  { readonly kind: "url"; readonly url: string } | { readonly kind: "problem"; readonly problem: string };

function baseUrl(env: Env, name: string, otherwise: string): Base {
  const given = baseSchema.safeParse(trimmed(env[name]) ?? otherwise);
  if (given.success) return { kind: "url", url: given.data };
  const problem = `${name} is not a URL that starts with https:// (or http://); leave it out for DingTalk itself.`;
  return { kind: "problem", problem };
}

const baseSchema = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ""));

function trimmed(value: string | undefined): string | undefined {
  const text = value?.trim();
  return text === undefined || text === "" ? undefined : text;
}

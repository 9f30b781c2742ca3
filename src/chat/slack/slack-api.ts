import { WebClient } from "@slack/web-api";

import type { Log } from "../../lib/log.js";
import type { Secret } from "../../lib/secret.js";
import type { WayOut } from "../way-out.js";
import { sdkLogger } from "./sdk-logger.js";
import type { SlackFault } from "./slack-fault.js";
import { faultOf } from "./slack-fault.js";
import type { SlackMethod } from "./slack-methods.js";

export type SlackAnswer =
  { readonly ok: true; readonly body: unknown } | { readonly ok: false; readonly fault: SlackFault };

/** One call of the Web API, once: failures are values, nothing is retried here. */
export interface SlackApi {
  call(method: SlackMethod, args: Readonly<Record<string, unknown>>): Promise<SlackAnswer>;
}

export interface SlackApiOptions {
  readonly token: Secret;
  readonly apiUrl: string;
  readonly timeoutMs: number;
  readonly log: Log;
  readonly wayOut: WayOut;
}

/** The Web API client with every default that hurts switched off: no hidden retries, no queue held up by a 429, a timeout, no token to other hosts. */
export function createSlackApi(options: SlackApiOptions): SlackApi {
  const client = new WebClient(options.token.reveal(), {
    slackApiUrl: options.apiUrl,
    retryConfig: { retries: 0 },
    timeout: options.timeoutMs,
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    maxRequestConcurrency: 20,
    logger: sdkLogger(options.log),
    fetch: fetchWithRetryAfter(options.wayOut),
  });
  return {
    async call(method, args) {
      try {
        return { ok: true, body: await client.apiCall(method, { ...args }) };
      } catch (error) {
        return { ok: false, fault: faultOf(error) };
      }
    },
  };
}

/** A 429 whose Retry-After is missing or unreadable gets one, or the client would take it for a network failure. */
function fetchWithRetryAfter({ fetch }: WayOut): WayOut["fetch"] {
  return async (...args) => {
    const response = await fetch(...args);
    if (response.status !== 429) return response;
    const seconds = Number(response.headers.get("retry-after"));
    if (Number.isInteger(seconds) && seconds > 0 && seconds <= 86_400) return response;
    await response.body?.cancel();
    return new Response("", { status: 429, headers: { "retry-after": "30" } });
  };
}

import { z } from "zod";

import { networkCode, wasNeverSent } from "../../lib/network-failure.js";

/** Why a call did not succeed, in the classes that need different reactions. */
export type SlackFault =
  /** Refused for now; nothing was done. `limited`: because of our own pace. */
  | { readonly kind: "later"; readonly afterMs: number; readonly reason: string; readonly limited?: true }
  /** The request may have taken effect. */
  | { readonly kind: "unclear"; readonly reason: string }
  /** The token or its scopes are not accepted. */
  | { readonly kind: "auth"; readonly reason: string }
  /** The server has no such method. */
  | { readonly kind: "no-method"; readonly reason: string }
  /** The body is not accepted; the same body never will be. `pointers` say where. */
  | { readonly kind: "content"; readonly reason: string; readonly pointers: readonly string[] }
  /** The message to reply to or to edit is not there, or takes no replies. */
  | { readonly kind: "thread"; readonly reason: string }
  /** Any other definite refusal (channel, file, policy). */
  | { readonly kind: "refused"; readonly reason: string };

/** What Slack names for an unusable bot token or installation. */
const authErrors: ReadonlySet<string> = new Set([
  "invalid_auth",
  "not_authed",
  "token_revoked",
  "token_expired",
  "account_inactive",
  "missing_scope",
  "org_login_required",
  "ekm_access_denied",
  "not_allowed_token_type",
  "no_permission",
  "user_removed_from_team",
  "team_access_not_granted",
]);

/** Sorts whatever the Web API client threw; never decided by an error's prose. */
export function faultOf(error: unknown): SlackFault {
  const platform = platformError.safeParse(error);
  if (platform.success) return answeredFault(platform.data.data);
  const limited = rateLimited.safeParse(error);
  if (limited.success) {
    const afterMs = Math.max(1, limited.data.retryAfter) * 1_000;
    return { kind: "later", afterMs, reason: "Slack asks to slow down (429)", limited: true };
  }
  const http = httpError.safeParse(error);
  if (http.success) return statusFault(http.data.statusCode);
  const code = networkCode(error);
  if (code !== undefined && wasNeverSent(code)) {
    return { kind: "later", afterMs: 5_000, reason: `Slack cannot be reached (${code})` };
  }
  return { kind: "unclear", reason: `the answer was lost (${code ?? "no answer"})` };
}

/** The words of an error that Slack answered with. */
export function answeredFault(answer: ErrorAnswer): SlackFault {
  const { error } = answer;
  const needed = answer.needed === undefined ? "" : ` (needs ${answer.needed})`;
  const reason = `Slack answers ${error}${needed}`;
  if (!/^[a-z][a-z0-9_.:-]{0,99}$/i.test(error))
    return { kind: "unclear", reason: "the answer was not Slack's" };
  if (authErrors.has(error)) return { kind: "auth", reason };
  if (methodErrors.has(error)) return { kind: "no-method", reason };
  if (threadErrors.has(error)) return { kind: "thread", reason };
  if (limitErrors.has(error)) return { kind: "later", afterMs: 30_000, reason, limited: true };
  if (error in laterErrors) return { kind: "later", afterMs: laterErrors[error] ?? 30_000, reason };
  if (unclearErrors.has(error)) return { kind: "unclear", reason };
  if (contentErrors.has(error) || /^(?:invalid_metadata|metadata_)/.test(error)) {
    const pointers = pointersOf(answer);
    return { kind: "content", reason: [reason, ...pointers.slice(0, 3)].join(" · "), pointers };
  }
  return { kind: "refused", reason };
}

type ErrorAnswer = z.infer<typeof errorAnswer>;

const errorAnswer = z.object({
  error: z.string(),
  needed: z.string().max(500).optional(),
  response_metadata: z.object({ messages: z.array(z.string()).optional() }).optional(),
  errors: z
    .array(
      z.union([z.string(), z.object({ pointer: z.string().optional(), message: z.string().optional() })]),
    )
    .optional()
    .catch(undefined),
});
const platformError = z.object({ code: z.literal("slack_webapi_platform_error"), data: errorAnswer });
const rateLimited = z.object({ code: z.literal("slack_webapi_rate_limited_error"), retryAfter: z.number() });
const httpError = z.object({ code: z.literal("slack_webapi_http_error"), statusCode: z.number() });

const methodErrors: ReadonlySet<string> = new Set([
  "unknown_method",
  "method_not_supported",
  "method_deprecated",
  "deprecated_endpoint",
]);
const threadErrors: ReadonlySet<string> = new Set([
  "thread_not_found",
  "message_not_found",
  "restricted_action_thread_locked",
  "cannot_reply_to_message",
]);
const limitErrors: ReadonlySet<string> = new Set(["ratelimited", "rate_limited"]);
const laterErrors: Readonly<Record<string, number>> = {
  message_limit_exceeded: 600_000,
  service_unavailable: 15_000,
  request_timeout: 5_000,
  team_added_to_org: 60_000,
  accesslimited: 60_000,
};
/** Slack says of these that some part of the call may have worked. */
const unclearErrors: ReadonlySet<string> = new Set(["internal_error", "fatal_error", "update_failed"]);
const contentErrors: ReadonlySet<string> = new Set([
  "invalid_blocks",
  "invalid_blocks_format",
  "msg_too_long",
  "msg_blocks_too_long",
  "no_text",
  "too_many_attachments",
  "invalid_attachments",
  "invalid_arguments",
  "invalid_arg_name",
  "invalid_array_arg",
  "block_mismatch",
  "only_one_table_allowed",
]);
function statusFault(status: number): SlackFault {
  const reason = `Slack's server answers HTTP ${status}`;
  if (status === 404 || status === 405 || status === 501) return { kind: "no-method", reason };
  if (status === 401 || status === 403) return { kind: "auth", reason };
  if (status === 413) return { kind: "content", reason, pointers: [] };
  if (status >= 500 || status === 408) return { kind: "unclear", reason };
  return { kind: "refused", reason };
}

function pointersOf(answer: ErrorAnswer): readonly string[] {
  const listed = (answer.errors ?? []).map((entry) =>
    typeof entry === "string" ? entry : `${entry.message ?? ""} [${entry.pointer ?? ""}]`,
  );
  return [...listed, ...(answer.response_metadata?.messages ?? [])]
    .map((entry) => entry.slice(0, 200))
    .slice(0, 10);
}

import { z } from "zod";

/** Why a call did not succeed, in the classes that need different reactions. */
export type DingTalkFault =
  /** Refused for now; nothing was done. */
  | { readonly kind: "later"; readonly afterMs: number; readonly reason: string }
  /** Our address is blocked for a while: every call must rest. */
  | { readonly kind: "banned"; readonly reason: string }
  /** The request may have taken effect. */
  | { readonly kind: "unclear"; readonly reason: string }
  /** The access token is old: ask for another, once. */
  | { readonly kind: "token"; readonly reason: string }
  /** Credentials or permissions are missing; a person must act. */
  | {
      readonly kind: "auth";
      readonly reason: string;
      /** What is missing, where DingTalk says it. */
      readonly lacks?: "credentials" | "permission" | "address";
    }
  /** The month's quota of the organisation is used up. */
  | { readonly kind: "quota"; readonly reason: string }
  /** The text itself is refused: too long, or unsafe in DingTalk's eyes. */
  | { readonly kind: "content"; readonly reason: string }
  /** A card with this id exists already. */
  | { readonly kind: "exists"; readonly reason: string }
  /** The card does not exist. */
  | { readonly kind: "gone"; readonly reason: string }
  /** Any other definite refusal. */
  | { readonly kind: "refused"; readonly reason: string };

/** What came back: a status with whatever body, or the network's failure. */
export type RawAnswer =
  | { readonly kind: "answer"; readonly status: number; readonly body: unknown }
  | { readonly kind: "failed"; readonly sent: boolean; readonly code: string };

/** The fault of a v1.0 answer; undefined where it succeeded. Read from the body first, then from the status. */
export function apiFault(answer: RawAnswer): DingTalkFault | undefined {
  if (answer.kind === "failed") return networkFault(answer);
  const banned = banOf(answer.body);
  if (banned !== undefined) return banned;
  if (answer.status >= 200 && answer.status < 300) {
    return typeof answer.body === "object" && answer.body !== null
      ? undefined
      : { kind: "unclear", reason: "the answer was not DingTalk's" };
  }
  const parsed = apiError.safeParse(answer.body);
  if (!parsed.success) return statusFault(answer.status);
  return codeFault(answer.status, parsed.data);
}

/** The fault of an old-API answer (`errcode`), which comes with HTTP 200; undefined where it succeeded. */
export function oapiFault(answer: RawAnswer): DingTalkFault | undefined {
  if (answer.kind === "failed") return networkFault(answer);
  const banned = banOf(answer.body);
  if (banned !== undefined) return banned;
  const parsed = oapiAnswer.safeParse(answer.body);
  if (!parsed.success) {
    const unclear: DingTalkFault = { kind: "unclear", reason: "the answer was not DingTalk's" };
    return answer.status >= 200 && answer.status < 300 ? unclear : statusFault(answer.status);
  }
  const { errcode, errmsg, sub_code, sub_msg } = parsed.data;
  if (errcode === 0) return undefined;
  const inner = Number(sub_code);
  const code = errcode === 88 && Number.isFinite(inner) && sub_code ? inner : errcode;
  const said = `DingTalk answers ${code}: ${(sub_msg ?? errmsg).slice(0, 200)}`;
  const remedy = remedies[String(code)];
  const reason = remedy === undefined ? said : `${said}; ${remedy}`;
  return oapiCode(code, reason, errmsg);
}

const apiError = z.object({
  code: z.string().max(300),
  message: z.string().catch(""),
  requestid: z.string().optional().catch(undefined),
  accessdenieddetail: z
    .object({ requiredScopes: z.array(z.string()) })
    .optional()
    .catch(undefined),
});

const oapiAnswer = z.object({
  errcode: z.coerce.number(),
  errmsg: z.string().catch(""),
  sub_code: z.string().optional().catch(undefined),
  sub_msg: z.string().optional().catch(undefined),
});

const ban = z.object({ status: z.literal(1111) });

function banOf(body: unknown): DingTalkFault | undefined {
  return ban.safeParse(body).success
    ? { kind: "banned", reason: "DingTalk blocks this address for five minutes (too many calls)" }
    : undefined;
}

function networkFault({ sent, code }: RawAnswer & { readonly kind: "failed" }): DingTalkFault {
  return sent
    ? { kind: "unclear", reason: `the answer was lost (${code})` }
    : { kind: "later", afterMs: 5_000, reason: `DingTalk cannot be reached (${code})` };
}

/** A 503 says that the request was not taken up (RFC 9110, 15.6.4); what other failures of a server did before, nobody knows. */
const unavailableMs = 5_000;

function statusFault(status: number): DingTalkFault {
  const reason = `DingTalk's server answers HTTP ${status}`;
  if (status === 429) return { kind: "later", afterMs: 2_000, reason };
  if (status === 503) return { kind: "later", afterMs: unavailableMs, reason };
  if (status === 401) return { kind: "token", reason };
  if (status >= 500 || status === 408) return { kind: "unclear", reason };
  return { kind: "refused", reason };
}

function codeFault(
  status: number,
  { code, message, requestid, accessdenieddetail }: z.infer<typeof apiError>,
): DingTalkFault {
  const request = requestid === undefined ? "" : ` (request ${requestid.slice(0, 60)})`;
  const remedy = remedies[code.startsWith("invalidParameter.robotCode.") ? "robotCode" : code];
  const said = `DingTalk answers ${code}: ${message.slice(0, 200)}${request}`;
  const reason = remedy === undefined ? said : `${said}; ${remedy}`;
  const last = code.split(".").at(-1) ?? code;
  switch (last) {
    case "QpsLimitForAppkeyAndApi":
      return { kind: "later", afterMs: 1_500, reason };
    case "QpsLimitForApi":
      return { kind: "later", afterMs: 2_000, reason };
    case "QpmLimitForAppkeyAndApi":
      return { kind: "later", afterMs: 60_000, reason };
    case "ApiCountLimitForOrg":
      return { kind: "quota", reason };
    case "IpNotInWhiteList":
      return {
        kind: "auth",
        lacks: "address",
        reason: `${reason}; add this machine's address to the app's list of server addresses`,
      };
    case "AccessTokenPermissionDenied": {
      const scopes = accessdenieddetail?.requiredScopes.slice(0, 5).join(", ") ?? "the one it names";
      return {
        kind: "auth",
        lacks: "permission",
        reason: `${reason}; grant the permission ${scopes} and publish a version`,
      };
    }
    case "InvalidAuthentication":
      return { kind: "token", reason };
    case "invalidClientIdOrSecret":
      return {
        kind: "auth",
        lacks: "credentials",
        reason: `${reason}; copy DINGTALK_CLIENT_ID and DINGTALK_CLIENT_SECRET again`,
      };
    case "cardAlreadyExist":
      return { kind: "exists", reason };
    case "cardNotExist":
      return { kind: "gone", reason };
    case "contentUnsafe":
    case "tooLong":
      return { kind: "content", reason };
  }
  if (code === "toomuch.msg") return { kind: "later", afterMs: 60_000, reason };
  if (code === "unknown.send.result" || code === "system.busy") return { kind: "unclear", reason };
  if (status === 429) return { kind: "later", afterMs: 2_000, reason };
  if (status === 503) return { kind: "later", afterMs: unavailableMs, reason };
  if (status >= 500) return { kind: "unclear", reason };
  if (status === 401) return { kind: "token", reason };
  return { kind: "refused", reason };
}

function oapiCode(code: number, reason: string, errmsg: string): DingTalkFault {
  if (tokenCodes.has(code)) return { kind: "token", reason };
  if (contentCodes.has(code)) return { kind: "content", reason };
  switch (code) {
    case -1:
      return { kind: "later", afterMs: 2_000, reason };
    // 15, and 88 without an inner code: it timed out behind DingTalk's door.
    case 15:
    case 88:
      return { kind: "unclear", reason };
    case 90018:
    case 90002:
      return { kind: "later", afterMs: 2_000, reason };
    case 130101:
    case 410100:
      return { kind: "later", afterMs: 600_000, reason };
    case 90020:
    case 90030:
      return { kind: "quota", reason };
    case 60011:
    case 60020:
    case 300005:
    case 400101:
      return { kind: "auth", reason };
    case 310000:
      return { kind: "auth", reason: `${reason}; ${securityHint(errmsg)}` };
    default:
      return { kind: "refused", reason };
  }
}

/** What a person can do about a code, where the code alone does not say it. */
const remedies: Readonly<Record<string, string>> = {
  robotCode: "DINGTALK_ROBOT_CODE must be the robot's own code, or be left out",
  "miss.openConversationId":
    "set dingtalk.conversation to the id that `@TensorBell whoami` shows in the group",
  "invalid.openConversationId":
    "copy the id that `@TensorBell whoami` shows in the group; the robot must be in it",
  "group.disbanded": "the group is disbanded: choose another group",
  "bot.stopped": "enable the robot in the developer console",
  "param.templateNotExist": "correct dingtalk.cardTemplateId",
  "param.cardTemplateIdEmpty": "correct dingtalk.cardTemplateId",
  "param.templateUnpublished": "publish the card template on the card platform",
  "ding.serverquota.insufficient": "the organisation's DINGs are used up, or its edition has none",
  "300005": "copy DINGTALK_WEBHOOK_URL again",
  "400101": "copy DINGTALK_WEBHOOK_URL again",
  "400013": "the group is disbanded: choose another group",
  "400102": "enable the robot in the group's settings",
  "400106": "add the robot to the group again",
};

const tokenCodes: ReadonlySet<number> = new Set([40014, 40001, 42001]);
const contentCodes: ReadonlySet<number> = new Set([430101, 430102, 430103, 430104, 460101, 101002]);

/** The four refusals of a custom robot's security settings share one code; only the words tell them apart, and only for the hint. */
function securityHint(errmsg: string): string {
  if (/keyword/i.test(errmsg)) return "set DINGTALK_WEBHOOK_KEYWORD to one of the robot's keywords";
  if (/timestamp/i.test(errmsg)) return "this machine's clock is more than an hour off";
  if (/sign/i.test(errmsg)) return "copy DINGTALK_WEBHOOK_SECRET (SEC…) again";
  if (/whitelist|ip /i.test(errmsg)) return "add this machine's address to the robot's list";
  return "look at the robot's security settings";
}

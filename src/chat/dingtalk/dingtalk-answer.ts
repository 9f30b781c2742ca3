import type { Reply } from "../../commands/command.js";
import type { Clock } from "../../lib/clock.js";
import type { Log } from "../../lib/log.js";
import type { Timers } from "../../lib/timers.js";
import { wait } from "../../lib/wait.js";
import type { MessageRef } from "../../message/post.js";
import type { WayOut } from "../way-out.js";
import { type DeliverParts, pictureOf, sendToGroup } from "./dingtalk-deliver.js";
import type { DingTalkFault } from "./dingtalk-fault.js";
import { oapiFault } from "./dingtalk-fault.js";
import type { Spoken } from "./dingtalk-inbound.js";
import type { DingTalkTimings } from "./dingtalk-timings.js";
import { httpCall } from "./http-call.js";
import { isPersonId, type RenderedMarkdown, renderMarkdown } from "./render-markdown.js";

export interface AnswerParts extends Pick<
  DeliverParts,
  "api" | "robotCode" | "media" | "conversations" | "governor"
> {
  readonly oapiUrl: string;
  readonly wayOut: WayOut;
  readonly timings: DingTalkTimings;
  readonly clock: Clock;
  readonly log: Log;
  readonly timers: Timers;
  /** Told as soon as the platform is to stop: nothing is waited for any more. */
  readonly leaving: AbortSignal;
}

/** How long an answer waits for DingTalk to be there again: what was changed should be heard, but not out of the blue. */
const answerWithinMs = 300_000;

/** Brings a reply to where the question was asked: by the question's own session, which costs no API call and can name the asker; else by the API; later, where DingTalk is away. */
export async function answerInDingTalk(
  parts: AnswerParts,
  { spoken, thread }: { readonly spoken: Spoken; readonly thread: MessageRef | undefined },
  reply: Reply,
): Promise<void> {
  const picture = await pictureOf(parts, {
    message: reply.message,
    ...(reply.picture === undefined ? {} : { picture: { kind: "png" as const, ...reply.picture } }),
  });
  const tag = thread === undefined ? undefined : await parts.conversations.tagOf(thread);
  const rendered = renderMarkdown(reply.message, { ...picture, tag });
  const until = parts.clock.now() + answerWithinMs;
  for (;;) {
    const fault = await attempt(parts, spoken, rendered);
    if (fault === undefined) return;
    const { kind, reason } = fault;
    if (kind !== "later" || parts.leaving.aborted || parts.clock.now() + fault.afterMs > until) {
      parts.log.warn({ reason, kind }, "dingtalk_reply_not_delivered");
      return;
    }
    await wait(fault.afterMs, parts.leaving, parts.timers);
  }
}

/** One try by both ways; what remains wrong, or undefined where it is over: said, perhaps said, or given up for the quota's sake. */
async function attempt(
  parts: AnswerParts,
  spoken: Spoken,
  rendered: RenderedMarkdown,
): Promise<DingTalkFault | undefined> {
  const cheap = await parts.governor.allows({ what: "session", critical: false });
  const dear = await parts.governor.allows({ what: "text", critical: false });
  // Where the month's messages run out and its calls do not, the calls are the cheaper way.
  if (!cheap && dear && (await byApi(parts, spoken, rendered)).ok) return undefined;
  const fault = await bySession(parts, spoken, rendered);
  if (fault === undefined) return undefined;
  if (fault.kind === "unclear") {
    parts.log.warn({ reason: fault.reason }, "dingtalk_reply_unclear");
    return undefined;
  }
  if (!cheap || !dear) {
    parts.log.warn({ reason: fault.reason }, "dingtalk_reply_saved_for_alerts");
    return undefined;
  }
  const answer = await byApi(parts, spoken, rendered);
  return answer.ok ? undefined : answer.fault;
}

/** Whether an address may be answered to: only the host the old API is configured to be on, and only a robot's session. */
export function isSessionAddress(url: string, oapiUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const [target, base] = [new URL(url), new URL(oapiUrl)];
  if (target.username !== "" || target.password !== "") return false;
  return (
    target.protocol === base.protocol &&
    target.host === base.host &&
    target.pathname === "/robot/sendBySession"
  );
}

const leastLeftMs = 60_000;

async function bySession(
  parts: AnswerParts,
  spoken: Spoken,
  { title, text }: RenderedMarkdown,
): Promise<DingTalkFault | undefined> {
  const { session, staffId, direct } = spoken;
  if (session === undefined || parts.clock.now() > session.until - leastLeftMs) {
    return { kind: "refused", reason: "the session is over" };
  }
  if (!isSessionAddress(session.url, parts.oapiUrl)) {
    parts.log.error({}, "dingtalk_session_address_refused");
    return { kind: "refused", reason: "the session's address is not DingTalk's" };
  }
  const asker = !direct && staffId !== undefined && isPersonId(staffId) ? staffId : undefined;
  const body = {
    msgtype: "markdown",
    markdown: { title, text: asker === undefined ? text : `${text}\n\n@${asker}` },
    ...(asker === undefined ? {} : { at: { atUserIds: [asker], isAtAll: false } }),
  };
  await parts.governor.spend("webhookStream");
  const answer = await httpCall({
    method: "POST",
    url: session.url,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(body),
    timeoutMs: parts.timings.callMs,
    wayOut: parts.wayOut,
  });
  const fault = oapiFault(answer);
  if (fault !== undefined && fault.kind !== "unclear") await parts.governor.giveBack("webhookStream");
  return fault;
}

function byApi(
  parts: AnswerParts,
  spoken: Spoken,
  rendered: RenderedMarkdown,
): ReturnType<typeof sendToGroup> {
  if (!spoken.direct) return sendToGroup(parts, spoken.conversation, rendered);
  if (spoken.staffId === undefined) {
    return Promise.resolve({
      ok: false,
      fault: { kind: "refused", reason: "a stranger cannot be written to" },
    });
  }
  return parts.api.call("POST", "/v1.0/robot/oToMessages/batchSend", {
    robotCode: parts.robotCode,
    userIds: [spoken.staffId],
    msgKey: "sampleMarkdown",
    msgParam: JSON.stringify(rendered),
  });
}

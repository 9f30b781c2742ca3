import type { Reply } from "../../commands/command.js";
import type { Log } from "../../lib/log.js";
import type { Message } from "../../message/message.js";
import type { MessageRef, Post } from "../../message/post.js";
import type { ChatPlatform, DeliveryOutcome } from "../platform.js";
import type { WayOut } from "../way-out.js";
import { renderBlocks } from "./render-blocks.js";
import { renderFallback } from "./render-fallback.js";
import type { Spoken } from "./slack-inbound.js";
import type { SlackTimings } from "./slack-timings.js";
import { wait } from "../../lib/wait.js";

export interface AnswerParts {
  readonly apiUrl: string;
  readonly log: Log;
  readonly timings: SlackTimings;
  readonly stopping: AbortSignal;
  readonly wayOut: WayOut;
  readonly deliver: ChatPlatform["deliver"];
  readonly upload: NonNullable<ChatPlatform["upload"]>;
}

/**
 * Brings a reply to where the question was asked. A command typed with a slash is answered to the asker alone, or visibly
 * where the reply is for everybody; mentions and direct messages are answered in their thread. A chart follows the text by an
 * edit; where it could not be shown, the text stands.
 */
export async function answerInSlack(parts: AnswerParts, spoken: Spoken, reply: Reply): Promise<void> {
  if (spoken.answer.kind === "response-url") {
    const { url } = spoken.answer;
    if (reply.picture === undefined) {
      await respond(parts, url, { message: reply.message, everybody: reply.visibility === "everybody" });
      return;
    }
    const outcome = await sayWithChart(parts, { spoken, reply, threadTs: undefined });
    // Where the bot is no member it cannot post, but it can still answer.
    if (outcome.kind === "rejected") await respond(parts, url, { message: withAlt(reply), everybody: false });
    return;
  }
  await sayWithChart(parts, { spoken, reply, threadTs: spoken.answer.ts });
}

/** Whether an address may be answered to: Slack's own, or the host that the API is configured to be on. */
export function isResponseAddress(url: string, apiUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const [target, base] = [new URL(url), new URL(apiUrl)];
  if (target.username !== "" || target.password !== "") return false;
  if (base.hostname === "slack.com" || base.hostname.endsWith(".slack.com")) {
    return target.protocol === "https:" && target.host === "hooks.slack.com";
  }
  return target.host === base.host && target.protocol === base.protocol;
}

interface Saying {
  readonly spoken: Spoken;
  readonly reply: Reply;
  readonly threadTs: string | undefined;
}

async function sayWithChart(
  parts: AnswerParts,
  { spoken, reply, threadTs }: Saying,
): Promise<DeliveryOutcome> {
  const to = { platform: "slack", address: spoken.channel };
  const root: MessageRef | undefined =
    threadTs === undefined ? undefined : { channel: spoken.channel, id: threadTs };
  const post: Post = {
    entryId: `reply-${spoken.id}`,
    message: reply.message,
    ...(root === undefined ? {} : { replyTo: root }),
  };
  const said = await insist(parts, () => parts.deliver(post, to));
  if (said.kind !== "delivered") {
    parts.log.warn(
      { outcome: said.kind, reason: said.reason, channel: spoken.channel },
      "slack_reply_not_delivered",
    );
    return said;
  }
  if (reply.picture === undefined) return said;
  const { picture } = reply;
  const uploaded = await insist(parts, () => parts.upload({ kind: "png", ...picture }, to));
  if (uploaded.kind !== "uploaded") {
    parts.log.warn({ reason: uploaded.reason, channel: spoken.channel }, "slack_reply_without_chart");
    return said;
  }
  const edit: Post = {
    ...post,
    entryId: `${post.entryId}-chart`,
    picture: uploaded.picture,
    edits: said.ref,
  };
  const joined = await insist(parts, () => parts.deliver(edit, to));
  if (joined.kind !== "delivered") parts.log.warn({ reason: joined.reason }, "slack_reply_without_chart");
  return said;
}

/** A person is waiting: up to four tries while the platform says later, at most ten seconds apart. */
async function insist<Outcome extends { readonly kind: string }>(
  parts: AnswerParts,
  attempt: () => Promise<Outcome | Later>,
): Promise<Outcome | Later> {
  for (let tries = 1; ; tries += 1) {
    const outcome = await attempt();
    if (!isLater(outcome) || tries === 4 || outcome.afterMs > 10_000 || parts.stopping.aborted)
      return outcome;
    await wait(outcome.afterMs, parts.stopping);
  }
}

interface Later {
  readonly kind: "retry";
  readonly afterMs: number;
  readonly reason: string;
}

function isLater(outcome: { readonly kind: string }): outcome is Later {
  return outcome.kind === "retry";
}

async function respond(
  parts: AnswerParts,
  url: string,
  { message, everybody }: { message: Message; everybody: boolean },
): Promise<void> {
  if (!isResponseAddress(url, parts.apiUrl)) {
    parts.log.error({}, "slack_response_address_refused");
    return;
  }
  const head = { response_type: everybody ? "in_channel" : "ephemeral", replace_original: false };
  const bodies = [
    { ...head, text: renderFallback(message), blocks: renderBlocks(message, "full") },
    { ...head, text: renderFallback(message), blocks: renderBlocks(message, "base") },
    { ...head, text: renderFallback(message) },
  ];
  for (const body of bodies) {
    const status = await post(parts, url, body);
    if (status === undefined || status < 400 || status === 404 || status === 410) return;
  }
}

/** The status answered, or undefined where none came: what may have arrived is not said twice. */
async function post(parts: AnswerParts, url: string, body: object): Promise<number | undefined> {
  try {
    const response = await parts.wayOut.fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify(body),
      redirect: "error",
      signal: AbortSignal.timeout(parts.timings.callMs),
    });
    await response.body?.cancel();
    if (!response.ok) parts.log.warn({ status: response.status }, "slack_refused_a_reply");
    return response.status;
  } catch (error) {
    parts.log.warn({ reason: error instanceof Error ? error.name : "unknown" }, "slack_reply_not_sent");
    return undefined;
  }
}

function withAlt(reply: Reply): Message {
  const { message, picture } = reply;
  if (picture === undefined) return message;
  return { ...message, blocks: [...message.blocks, { kind: "note", content: [picture.alt] }] };
}

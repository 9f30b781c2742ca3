import { z } from "zod";

import type { Clock } from "../../lib/clock.js";
import type { Destination } from "../../message/destination.js";
import type { Message } from "../../message/message.js";
import type { MessageRef, Picture, Post } from "../../message/post.js";
import type { DeliveryOutcome } from "../platform.js";
import type { Conversations } from "./conversations.js";
import type { ApiAnswer, DingTalkApi } from "./dingtalk-api.js";
import { dingtalkLimits } from "./dingtalk-limits.js";
import type { Governor } from "./governor.js";
import { dingPeople, type DingWay } from "./ding-people.js";
import type { DingTalkFault } from "./dingtalk-fault.js";
import { isPersonId, type RenderedMarkdown, renderMarkdown } from "./render-markdown.js";
import { isCard, type RunCards } from "./run-cards.js";
import type { SaidOnce } from "../../lib/said-once.js";
import { tellPeople } from "./tell-people.js";
import type { Unsure } from "./unsure.js";
import type { MediaShelf } from "./upload-media.js";

export interface DeliverParts {
  readonly api: DingTalkApi;
  readonly robotCode: string;
  readonly media: MediaShelf;
  readonly conversations: Conversations;
  readonly unsure: Unsure;
  readonly clock: Clock;
  readonly said: SaidOnce;
  readonly governor: Governor;
  /** Where a card's template is configured. */
  readonly cards: RunCards | undefined;
  /** Another way: for what is not critical once the quota is nearly used up, and for everything once DingTalk says that it is. */
  readonly overflow: ((post: Post) => Promise<DeliveryOutcome>) | undefined;
  readonly ding: DingWay | undefined;
  onAuth(reason: string): void;
  /** Goes on beside the delivery; a stop waits for it. */
  readonly aside: (work: Promise<void>) => void;
}

/** Says a post in a group: one markdown message with its chart inside. What may have been sent is not sent again, unless it is critical: then once, marked. */
export async function deliverToDingTalk(
  parts: DeliverParts,
  post: Post,
  to: Destination,
): Promise<DeliveryOutcome> {
  if (post.edits !== undefined) return bringUpToDate(parts, post, post.edits);
  if (post.presses !== undefined) return press(parts, post, { to, people: post.presses });
  const before = parts.unsure.look(post, parts.clock.now());
  if (before.kind === "wait")
    return { kind: "retry", afterMs: before.afterMs, reason: "an answer was lost a moment ago" };
  if (before.kind === "leave") {
    return { kind: "delivered", ref: { channel: to.address, id: `maybe-${post.entryId}` }, once: true };
  }
  const critical = post.message.tone === "critical";
  if (!(await parts.governor.allows({ what: "text", critical }))) return saved(parts, post);
  const message =
    before.kind === "again"
      ? { ...post.message, headline: `(重发 · resent) ${post.message.headline}` }
      : post.message;
  const { conversations } = parts;
  const tag =
    post.replyTo === undefined ? conversations.newTag(post.entryId) : await conversations.tagOf(post.replyTo);
  if (post.opens === true && parts.cards !== undefined) {
    const opened = await openWithCard(parts, parts.cards, { post, to, tag });
    if (opened !== undefined) return opened;
  }
  const picture = await pictureOf(parts, post);
  const shapes = [
    renderMarkdown(message, { ...picture, tag }),
    renderMarkdown(withoutNames(message), { tag }),
  ];
  for (const shape of shapes) {
    const answer = await sendToGroup(parts, to.address, shape);
    if (!answer.ok && answer.fault.kind === "content") continue;
    if (!answer.ok && answer.fault.kind === "quota" && parts.overflow !== undefined) {
      parts.said.bad("quota", answer.fault.reason);
      return byOtherWay(await parts.overflow(post));
    }
    if (!answer.ok) return outcomeOf(parts, post, answer.fault);
    tellPeople(parts, post, shape);
    if (picture.picture !== undefined && post.replyTo !== undefined && isCard(post.replyTo.id))
      parts.cards?.show(post.replyTo.id, picture.picture);
    return delivered(parts, { post, to, tag, body: answer.body });
  }
  return { kind: "rejected", reason: "DingTalk refuses the message in every form" };
}

async function press(
  parts: DeliverParts,
  post: Post,
  { to, people }: { readonly to: Destination; readonly people: readonly string[] },
): Promise<DeliveryOutcome> {
  if (parts.ding === undefined) return { kind: "rejected", reason: "DING is off" };
  const fault = await dingPeople(parts, { way: parts.ding, people, message: post.message });
  // Without idempotency and without a way to ask: a second call at night is worse than the chance that this one was lost.
  if (fault === undefined || fault.kind === "unclear")
    return { kind: "delivered", ref: { channel: to.address, id: `ding-${post.entryId}` } };
  return outcomeOf(parts, post, fault);
}

/** A run's card is replaced in place; an ordinary message cannot be. */
async function bringUpToDate(
  parts: DeliverParts,
  { message }: Post,
  edits: MessageRef,
): Promise<DeliveryOutcome> {
  if (parts.cards === undefined || !isCard(edits.id)) {
    return { kind: "rejected", reason: "a DingTalk message cannot be edited" };
  }
  const updated = await parts.cards.update({ id: edits.id, message });
  return updated.kind === "gone"
    ? { kind: "rejected", reason: "the card does not exist any more", gone: true }
    : { kind: "delivered", ref: edits };
}

/** Undefined where the card cannot be shown and a message must do. A lost answer is no riddle: the card's id is ours. */
async function openWithCard(
  parts: DeliverParts,
  cards: RunCards,
  { post, to, tag }: Omit<Done, "body">,
): Promise<DeliveryOutcome | undefined> {
  const { entryId, message } = post;
  const mention = (post.mention ?? []).filter(isPersonId).slice(0, dingtalkLimits.people);
  const created = await cards.create({ place: to.address, entryId, message, tag, mention });
  switch (created.kind) {
    case "created": {
      const ref: MessageRef = { channel: to.address, id: created.id };
      parts.said.good("cards");
      await parts.conversations.opened(ref, tag);
      if (created.carrier !== undefined) await parts.conversations.said(ref, created.carrier);
      return { kind: "delivered", ref, once: true };
    }
    case "refused":
      parts.said.bad("cards", created.reason);
      return undefined;
    case "fault":
      if (created.fault.kind !== "unclear") return outcomeOf(parts, post, created.fault);
      return { kind: "retry", afterMs: 3_000, reason: created.fault.reason };
  }
}

/** Not said, so that critical alerts can be: by the overflow where there is one. It is never held back, for others wait behind it. */
async function saved(parts: DeliverParts, post: Post): Promise<DeliveryOutcome> {
  const reason = "the month's DingTalk quota is kept for critical alerts";
  parts.said.bad("budget", reason);
  if (parts.overflow === undefined) return { kind: "rejected", reason };
  const outcome = byOtherWay(await parts.overflow(post));
  // A robot that is shut for minutes would hold back the critical alerts behind this one.
  return outcome.kind === "retry" && outcome.afterMs > overflowPatienceMs
    ? { kind: "rejected", reason: `${reason}; the other way: ${outcome.reason}` }
    : outcome;
}

/** The other way knows its own repeats, not what this one may have said before. */
function byOtherWay(outcome: DeliveryOutcome): DeliveryOutcome {
  return outcome.kind === "delivered" ? { ...outcome, once: false } : outcome;
}

const overflowPatienceMs = 60_000;

/** Sends one markdown message to a group as the robot. */
export function sendToGroup(
  { api, robotCode }: Pick<DeliverParts, "api" | "robotCode">,
  conversation: string,
  { title, text }: RenderedMarkdown,
): Promise<ApiAnswer> {
  return api.call("POST", "/v1.0/robot/groupMessages/send", {
    robotCode,
    openConversationId: conversation,
    msgKey: "sampleMarkdown",
    msgParam: JSON.stringify({ title, text }),
  });
}

/** A picture that cannot be shown leaves its words; it never holds the message back. */
export async function pictureOf(
  { media, governor }: Pick<DeliverParts, "media" | "governor">,
  { picture, message }: Pick<Post, "picture" | "message">,
): Promise<{ readonly picture?: string; readonly instead?: string }> {
  if (picture === undefined) return {};
  const worthIt = await governor.allows({ what: "picture", critical: message.tone === "critical" });
  if (!worthIt) return { instead: wordsOf(picture) };
  const id = picture.kind === "uploaded" ? picture.ref : await media.upload(picture.png);
  return id === undefined ? { instead: wordsOf(picture) } : { picture: id };
}

/** A picture in characters and words. */
export function wordsOf(picture: Picture): string {
  const sketch = picture.kind === "png" ? (picture.sketch ?? "") : "";
  return sketch === "" ? picture.alt : `${sketch} ${picture.alt}`;
}

interface Done {
  readonly post: Post;
  readonly to: Destination;
  readonly tag: string;
  readonly body: unknown;
}

async function delivered(parts: DeliverParts, { post, to, tag, body }: Done): Promise<DeliveryOutcome> {
  const parsed = sent.safeParse(body);
  const id = parsed.success ? parsed.data.processQueryKey : `maybe-${post.entryId}`;
  const ref: MessageRef = { channel: to.address, id };
  parts.said.good("posts");
  parts.unsure.clear(post);
  if (post.replyTo === undefined) await parts.conversations.opened(ref, tag);
  else await parts.conversations.said(post.replyTo, id);
  return { kind: "delivered", ref };
}

const sent = z.object({ processQueryKey: z.string().min(1).max(500) });

function outcomeOf(parts: DeliverParts, post: Post, fault: DingTalkFault): DeliveryOutcome {
  const { reason } = fault;
  switch (fault.kind) {
    case "later":
      return { kind: "retry", afterMs: fault.afterMs, reason };
    case "banned":
      return { kind: "retry", afterMs: 300_000, reason };
    case "unclear":
      parts.unsure.note(post, parts.clock.now());
      return { kind: "unclear", reason };
    case "token":
    case "auth":
      parts.onAuth(reason);
      return { kind: "retry", afterMs: 300_000, reason };
    case "quota":
      parts.said.bad("quota", reason);
      return { kind: "retry", afterMs: 3_600_000, reason };
    case "gone":
      return { kind: "rejected", reason, gone: true };
    case "content":
    case "exists":
    case "refused":
      return { kind: "rejected", reason };
  }
}

/** Where a name made DingTalk refuse the text: what remains without any name. */
function withoutNames({ tone }: Message): Message {
  return {
    tone,
    headline: `TensorBell · ${tone}`,
    blocks: [
      {
        kind: "text",
        content: [
          "DingTalk 拒绝了这条消息的文字，请用 status 查看。DingTalk refused the words of this message; ask for status.",
        ],
      },
    ],
  };
}

import { z } from "zod";

import type { Clock } from "../../lib/clock.js";
import type { Destination } from "../../message/destination.js";
import type { MessageRef, Post } from "../../message/post.js";
import type { DeliveryOutcome } from "../platform.js";
import type { Pace } from "../../lib/pace.js";
import type { Dress } from "./render-blocks.js";
import { renderBlocks } from "./render-blocks.js";
import { renderFallback } from "./render-fallback.js";
import type { SaidOnce } from "../../lib/said-once.js";
import type { SlackApi } from "./slack-api.js";
import type { SlackFault } from "./slack-fault.js";
import { wait } from "../../lib/wait.js";

export interface DeliverParts {
  readonly api: SlackApi;
  readonly clock: Clock;
  readonly said: SaidOnce;
  /** New messages, a lane a channel. */
  readonly postPace: Pace;
  /** Edits, one lane for the workspace. */
  readonly editPace: Pace;
  /** How often a picture was refused although it had been reported usable. */
  readonly pictureRefusals: Map<string, number>;
  /** `https://team.slack.com/` once known. */
  teamUrl(): string | undefined;
  onAuth(reason: string): void;
}

/** Says a post: as rich as the server takes it, at the pace it takes; never twice within one call after an unclear answer. */
export async function deliverToSlack(
  parts: DeliverParts,
  post: Post,
  to: Destination,
): Promise<DeliveryOutcome> {
  const { postPace, editPace, clock } = parts;
  const lane = post.edits === undefined ? ([postPace, to.address] as const) : ([editPace, "edits"] as const);
  let shape: Shape = { dress: "full", picture: post.picture?.kind === "uploaded", metadata: true };
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const turn = lane[0].turn(lane[1], clock.now());
    if (turn.kind === "full")
      return { kind: "retry", afterMs: turn.afterMs, reason: "the channel's pace is used up" };
    if (turn.waitMs > 0) await wait(turn.waitMs);
    const answer = await parts.api.call(
      post.edits === undefined ? "chat.postMessage" : "chat.update",
      bodyOf(post, to, shape),
    );
    if (answer.ok) return delivered(parts, post, { body: answer.body, to });
    const { fault } = answer;
    if (fault.kind === "later" && fault.limited === true) lane[0].hold(lane[1], clock.now() + fault.afterMs);
    const next = reaction(parts, { post, shape, fault });
    if (next.kind !== "again") return next;
    shape = next.shape;
  }
  return { kind: "rejected", reason: "Slack refuses the message in every form" };
}

const mostAttempts = 7;

interface Shape {
  readonly dress: Dress | "text";
  readonly picture: boolean;
  readonly metadata: boolean;
}

function bodyOf(post: Post, to: Destination, shape: Shape): Record<string, unknown> {
  const { message, picture } = post;
  const shown =
    shape.picture && picture?.kind === "uploaded" ? { fileId: picture.ref, alt: picture.alt } : undefined;
  const text = renderFallback(message, picture === undefined ? [] : [picture.alt]);
  const content =
    shape.dress === "text" ? { text } : { text, blocks: renderBlocks(message, shape.dress, shown) };
  if (post.edits !== undefined) {
    const { channel, id } = post.edits;
    return { channel, ts: id, ...content, ...(shape.dress === "text" ? { blocks: [] } : {}), parse: "none" };
  }
  return {
    channel: to.address,
    ...content,
    ...(shape.dress === "text" ? { mrkdwn: false } : {}),
    ...(post.replyTo !== undefined ? { thread_ts: post.replyTo.id } : {}),
    ...(shape.metadata ? { metadata: metadataOf(post.entryId) } : {}),
    unfurl_links: false,
    unfurl_media: false,
  };
}

/** What `find` looks for: flat, small, without anything secret. */
function metadataOf(entryId: string): object {
  return { event_type: "tb_post", event_payload: { v: 1, entry: entryId } };
}

type Reaction = DeliveryOutcome | { readonly kind: "again"; readonly shape: Shape };

function reaction(
  parts: DeliverParts,
  { post, shape, fault }: { post: Post; shape: Shape; fault: SlackFault },
): Reaction {
  switch (fault.kind) {
    case "later":
      return { kind: "retry", afterMs: fault.afterMs, reason: fault.reason };
    case "unclear":
      // An edit says the same thing however often it is said.
      if (post.edits !== undefined) return { kind: "retry", afterMs: 3_000, reason: fault.reason };
      return { kind: "unclear", reason: fault.reason };
    case "auth":
      parts.onAuth(fault.reason);
      return { kind: "retry", afterMs: 300_000, reason: fault.reason };
    case "no-method":
      if (post.edits !== undefined) {
        parts.said.bad(
          "edits",
          `the server cannot edit messages (${fault.reason}): what changes is not shown in place`,
        );
        return { kind: "rejected", reason: fault.reason };
      }
      parts.said.bad("posts", `the server cannot post messages (${fault.reason}): is SLACK_API_URL right?`);
      return { kind: "retry", afterMs: 300_000, reason: fault.reason };
    case "thread":
      return { kind: "rejected", reason: fault.reason, gone: true };
    case "content":
      return degrade(parts, { post, shape, fault });
    case "refused":
      return { kind: "rejected", reason: fault.reason };
  }
}

/** A body that is refused is never sent again as it is: without its metadata, its picture, its newer blocks, all blocks. */
function degrade(
  parts: DeliverParts,
  { post, shape, fault }: { post: Post; shape: Shape; fault: SlackFault & { readonly kind: "content" } },
): Reaction {
  if (shape.metadata && /metadata/.test(fault.reason)) {
    parts.said.bad("metadata", `${fault.reason}: posts cannot be found again after a crash`);
    return { kind: "again", shape: { ...shape, metadata: false } };
  }
  if (shape.picture && fault.pointers.some((pointer) => /slack[_ ]file/i.test(pointer))) {
    return pictureRefused(parts, { post, shape, reason: fault.reason });
  }
  parts.said.bad("blocks", fault.reason);
  if (shape.dress === "full") return { kind: "again", shape: { ...shape, dress: "base" } };
  if (shape.dress === "base") return { kind: "again", shape: { ...shape, dress: "text", picture: false } };
  return { kind: "rejected", reason: fault.reason };
}

/** Slack sometimes refuses a picture for a while after it called it usable: a few tries later, then the text goes without. */
function pictureRefused(
  parts: DeliverParts,
  { post, shape, reason }: { post: Post; shape: Shape; reason: string },
): Reaction {
  const ref = post.picture?.kind === "uploaded" ? post.picture.ref : "";
  const count = (parts.pictureRefusals.get(ref) ?? 0) + 1;
  parts.pictureRefusals.delete(ref);
  if (count > 5) {
    parts.said.bad("pictures", `an uploaded picture stays unusable (${reason}): the text goes without it`);
    return { kind: "again", shape: { ...shape, picture: false } };
  }
  parts.pictureRefusals.set(ref, count);
  const oldest = parts.pictureRefusals.size > 200 ? parts.pictureRefusals.keys().next().value : undefined;
  if (oldest !== undefined) parts.pictureRefusals.delete(oldest);
  return { kind: "retry", afterMs: 1_000 * count, reason };
}

const accepted = z.object({ channel: z.string().min(1), ts: z.string().min(1) });

function delivered(
  parts: DeliverParts,
  post: Post,
  answer: { body: unknown; to: Destination },
): DeliveryOutcome {
  const parsed = accepted.safeParse(answer.body);
  if (!parsed.success) {
    if (post.edits !== undefined) return { kind: "delivered", ref: post.edits };
    return { kind: "unclear", reason: "the server did not say where the message is" };
  }
  const { channel, ts } = parsed.data;
  return { kind: "delivered", ref: refOf({ channel, ts, root: post.replyTo?.id, teamUrl: parts.teamUrl() }) };
}

/** A reference with the address under which people open the message: the workspace's own, so no call is spent on it. */
export function refOf(at: {
  channel: string;
  ts: string;
  root: string | undefined;
  teamUrl: string | undefined;
}): MessageRef {
  const { channel, ts, root, teamUrl } = at;
  if (teamUrl === undefined || !/^\d+\.\d+$/.test(ts)) return { channel, id: ts };
  const thread = root === undefined || root === ts ? "" : `?thread_ts=${root}&cid=${channel}`;
  return { channel, id: ts, link: `${teamUrl}archives/${channel}/p${ts.replace(".", "")}${thread}` };
}

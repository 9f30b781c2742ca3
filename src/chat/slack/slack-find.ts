import { z } from "zod";

import type { Destination } from "../../message/destination.js";
import type { MessageRef } from "../../message/post.js";
import type { SaidOnce } from "../../lib/said-once.js";
import type { SlackApi } from "./slack-api.js";
import { refOf } from "./slack-deliver.js";

export interface FindParts {
  readonly api: SlackApi;
  readonly said: SaidOnce;
  teamUrl(): string | undefined;
  /** Our own bot's id, once known: others' messages are not believed. */
  botId(): string | undefined;
}

export interface Sought {
  readonly entryId: string;
  readonly to: Destination;
  readonly thread: MessageRef | undefined;
}

/**
 * The message that carries an entry id, looked for in the thread or in the channel's newest 1,000 messages. Undefined where
 * Slack holds none or cannot be asked at all; rejects where the question can be put again later.
 */
export async function findInSlack(
  parts: FindParts,
  { entryId, to, thread }: Sought,
): Promise<MessageRef | undefined> {
  const method = thread === undefined ? "conversations.history" : "conversations.replies";
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await parts.api.call(method, {
      channel: thread?.channel ?? to.address,
      ...(thread === undefined ? {} : { ts: thread.id }),
      include_all_metadata: true,
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
    });
    if (!answer.ok) {
      const { kind, reason } = answer.fault;
      if (kind === "later" || kind === "unclear")
        throw new Error(`Slack could not be asked for a post: ${reason}`);
      parts.said.bad(
        "find",
        `Slack cannot be asked whether it has a post (${reason}): after a crash a post may come twice`,
      );
      return undefined;
    }
    parts.said.good("find");
    const read = pageOf.safeParse(answer.body);
    if (!read.success) return undefined;
    const ours = read.data.messages.find((message) => carries(message, entryId, parts.botId()));
    if (ours !== undefined) {
      const root = thread?.id ?? ours.thread_ts;
      return refOf({ channel: thread?.channel ?? to.address, ts: ours.ts, root, teamUrl: parts.teamUrl() });
    }
    cursor = read.data.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === "") return undefined;
  }
  return undefined;
}

const mostPages = 5;
const pageSize = 200;

const foundMessage = z.object({
  ts: z.string(),
  thread_ts: z.string().optional(),
  bot_id: z.string().optional(),
  metadata: z
    .object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
    .optional()
    .catch(undefined),
});
const pageOf = z.object({
  messages: z.array(foundMessage),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

function carries(message: z.infer<typeof foundMessage>, entryId: string, botId: string | undefined): boolean {
  if (message.metadata?.event_type !== "tb_post") return false;
  if (botId !== undefined && message.bot_id !== undefined && message.bot_id !== botId) return false;
  return message.metadata.event_payload["entry"] === entryId;
}

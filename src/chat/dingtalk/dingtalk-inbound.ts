import { z } from "zod";

import type { Actor } from "../../commands/command.js";
import { shortHash } from "../../lib/short-hash.js";
import { jsonOf } from "./stream-frame.js";

/** Something a person said to the robot. */
export interface Spoken {
  /** Stable over duplicates. */
  readonly id: string;
  /** Case matters. */
  readonly conversation: string;
  readonly direct: boolean;
  readonly actor: Actor;
  /** The user id inside the organisation; outsiders have none. */
  readonly staffId: string | undefined;
  readonly text: string;
  readonly quote: { readonly keys: readonly string[]; readonly text: string | undefined } | undefined;
  /** The robot's own organisation. */
  readonly homeCorp: string | undefined;
  /** Where an answer goes without an API call, and until when. */
  readonly session: { readonly url: string; readonly until: number } | undefined;
}

export type Heard =
  | { readonly kind: "spoken"; readonly spoken: Spoken }
  /** The month's messages are used up; nothing else comes with it. */
  | { readonly kind: "quota" }
  | { readonly kind: "nothing" };

/** A robot message from a frame's payload. Pictures, files and voices are nobody's word to us. */
export function readRobotMessage(content: string, corpId: string | undefined): Heard {
  const body = jsonOf(content);
  if (exhausted.safeParse(body).success) return { kind: "quota" };
  const parsed = robotMessage.safeParse(body);
  if (!parsed.success) return { kind: "nothing" };
  const message = parsed.data;
  const typed = message.text?.content ?? richTextOf(message);
  if (
    typed === undefined ||
    (message.chatbotUserId !== undefined && message.senderId === message.chatbotUserId)
  ) {
    return { kind: "nothing" };
  }
  const { sessionWebhook, sessionWebhookExpiredTime } = message;
  return {
    kind: "spoken",
    spoken: {
      id: message.msgId,
      conversation: message.conversationId,
      direct: message.conversationType === "1",
      actor: actorOf(message, corpId),
      staffId: message.senderStaffId,
      text: typed.slice(0, 4_000).trim(),
      quote: quoteOf(message),
      homeCorp: message.chatbotCorpId,
      session:
        sessionWebhook === undefined || sessionWebhookExpiredTime === undefined
          ? undefined
          : { url: sessionWebhook, until: sessionWebhookExpiredTime },
    },
  };
}

const short = z.string().min(1).max(500);
const optionalText = z.string().max(20_000).optional().catch(undefined);
const optionalShort = short.optional().catch(undefined);

const exhausted = z.object({ errorCode: z.coerce.number().refine((code) => code === 20001) });

const replied = z.object({
  msgId: optionalShort,
  senderId: optionalShort,
  content: z
    .object({
      text: optionalText,
      content: optionalText,
      richText: z
        .array(z.object({ content: optionalText, text: optionalText }))
        .max(500)
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
});

const robotMessage = z.object({
  conversationId: short,
  conversationType: z.coerce.string(),
  msgId: short,
  senderId: optionalShort,
  senderStaffId: z.string().min(1).max(100).optional().catch(undefined),
  senderNick: z.string().catch(""),
  senderCorpId: optionalShort,
  chatbotUserId: optionalShort,
  chatbotCorpId: optionalShort,
  sessionWebhook: z.string().max(2_000).optional().catch(undefined),
  sessionWebhookExpiredTime: z.coerce.number().optional().catch(undefined),
  text: z
    .object({
      content: z.string(),
      isReplyMsg: z.boolean().optional().catch(undefined),
      repliedMsg: replied.optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  content: z
    .object({ richText: z.array(z.object({ text: optionalText })).max(500) })
    .optional()
    .catch(undefined),
  originalMsgId: optionalShort,
  originalProcessQueryKey: optionalShort,
  quoteMessage: z
    .object({
      senderId: optionalShort,
      text: z.object({ content: optionalText }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

type RobotMessage = z.infer<typeof robotMessage>;

/** A pasted list or picture turns a message into rich text: its words count. */
function richTextOf({ content }: RobotMessage): string | undefined {
  const words = content?.richText.map(({ text }) => text ?? "").join(" ");
  return words === undefined || words.trim() === "" ? undefined : words;
}

/** Without a user id of the organisation nobody is a member, and names are nobody's proof. */
function actorOf(message: RobotMessage, corpId: string | undefined): Actor {
  const { senderStaffId, senderCorpId, chatbotCorpId, senderNick } = message;
  const home = corpId ?? chatbotCorpId;
  const foreign = senderCorpId !== undefined && home !== undefined && senderCorpId !== home;
  const name = senderNick.slice(0, 200);
  if (senderStaffId !== undefined && !foreign)
    return { platform: "dingtalk", id: senderStaffId, name, kind: "member" };
  const outside = shortHash(message.senderId ?? message.msgId, 12);
  return { platform: "dingtalk", id: `external-${outside}`, name, kind: "stranger" };
}

function quoteOf(message: RobotMessage): Spoken["quote"] {
  const { originalProcessQueryKey, originalMsgId, quoteMessage, text, chatbotUserId } = message;
  const old = text?.repliedMsg;
  if (
    originalProcessQueryKey === undefined &&
    originalMsgId === undefined &&
    text?.isReplyMsg !== true &&
    quoteMessage === undefined
  ) {
    return undefined;
  }
  const keys = [originalProcessQueryKey, originalMsgId, old?.msgId].filter((key) => key !== undefined);
  const sender = old?.senderId ?? quoteMessage?.senderId;
  const ours = sender !== undefined && sender === chatbotUserId;
  const words = [
    old?.content?.text,
    old?.content?.content,
    ...(old?.content?.richText ?? []).flatMap((part) => [part.text, part.content]),
    quoteMessage?.text?.content,
  ].filter((part) => part !== undefined);
  return { keys, text: ours ? words.join(" ") : undefined };
}

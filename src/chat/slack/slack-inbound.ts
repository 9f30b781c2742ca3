import { z } from "zod";

import { decodeTyped } from "./slack-text.js";

/** Something a person said to the bot, read from a payload. `id` is stable over Slack's repeats. */
export interface Spoken {
  readonly id: string;
  readonly userId: string;
  readonly teamId: string | undefined;
  readonly channel: string;
  readonly shared: boolean;
  readonly text: string;
  readonly direct: boolean;
  /** The thread it was written in: the root's ts. */
  readonly threadTs: string | undefined;
  /** Where the answer goes. */
  readonly answer:
    | { readonly kind: "response-url"; readonly url: string }
    | { readonly kind: "thread"; readonly ts: string | undefined };
}

/** A slash command, or undefined where the payload is none. */
export function readSlashCommand(body: unknown): Spoken | undefined {
  const parsed = slashCommand.safeParse(body);
  if (!parsed.success) return undefined;
  const { user_id, team_id, channel_id, trigger_id, text, response_url } = parsed.data;
  return {
    id: `command:${trigger_id}`,
    userId: user_id,
    teamId: team_id,
    channel: channel_id,
    shared: false,
    text: typedText(text),
    direct: channel_id.startsWith("D"),
    threadTs: undefined,
    answer: { kind: "response-url", url: response_url },
  };
}

/** A mention in a channel, without the bot's name; undefined where it is not a person's new message. */
export function readMention(body: unknown, botUserId: string | undefined): Spoken | undefined {
  const spoken = readEvent(body, "app_mention");
  if (spoken === undefined) return undefined;
  const own =
    botUserId === undefined ? /^\s*<@[A-Z0-9]+(?:\|[^>]*)?>/ : new RegExp(`<@${botUserId}(?:\\|[^>]*)?>`);
  const { event, envelope } = spoken;
  return spokenOf({
    event,
    envelope,
    text: event.text.replace(own, " "),
    answerTs: event.thread_ts ?? event.ts,
    direct: false,
  });
}

/** A direct message, by the same measure. A mention of the bot in front of it is left out. */
export function readDirectMessage(body: unknown, botUserId: string | undefined): Spoken | undefined {
  const spoken = readEvent(body, "message");
  if (spoken?.event.channel_type !== "im") return undefined;
  const { event, envelope } = spoken;
  const text =
    botUserId === undefined
      ? event.text
      : event.text.replace(new RegExp(`^\\s*<@${botUserId}(?:\\|[^>]*)?>`), "");
  return spokenOf({ event, envelope, text, answerTs: event.thread_ts, direct: true });
}

const channelId = z.string().regex(/^[A-Z0-9]{2,30}$/);
const userId = z.string().regex(/^[A-Z0-9]{2,30}$/);

const slashCommand = z.object({
  user_id: userId,
  team_id: z.string().optional(),
  channel_id: channelId,
  trigger_id: z.string().min(1).max(500),
  text: z.string().default(""),
  response_url: z.string().max(3_000),
});

const messageEvent = z.object({
  type: z.string(),
  subtype: z.string().optional(),
  bot_id: z.string().optional(),
  user: userId,
  user_team: z.string().optional(),
  team: z.string().optional(),
  channel: channelId,
  channel_type: z.string().optional(),
  text: z.string(),
  ts: z.string().regex(/^\d+\.\d+$/),
  thread_ts: z
    .string()
    .regex(/^\d+\.\d+$/)
    .optional(),
  edited: z.unknown().optional(),
});

const eventEnvelope = z.object({
  event_id: z.string().min(1).max(200),
  is_ext_shared_channel: z.boolean().optional(),
  event: messageEvent,
});

type Envelope = z.infer<typeof eventEnvelope>;

/** Bots (ourselves among them), edits and system messages are nobody's word to us. */
function readEvent(
  body: unknown,
  type: string,
): { event: z.infer<typeof messageEvent>; envelope: Envelope } | undefined {
  const parsed = eventEnvelope.safeParse(body);
  if (!parsed.success) return undefined;
  const { event } = parsed.data;
  const byPerson = event.subtype === undefined && event.bot_id === undefined && event.edited === undefined;
  return event.type === type && byPerson ? { event, envelope: parsed.data } : undefined;
}

interface EventParts {
  readonly event: z.infer<typeof messageEvent>;
  readonly envelope: Envelope;
  readonly text: string;
  readonly answerTs: string | undefined;
  readonly direct: boolean;
}

function spokenOf({ event, envelope, text, answerTs, direct }: EventParts): Spoken {
  return {
    id: `event:${envelope.event_id}`,
    userId: event.user,
    teamId: event.user_team ?? event.team,
    channel: event.channel,
    shared: envelope.is_ext_shared_channel === true,
    text: typedText(text),
    direct,
    threadTs: event.thread_ts === event.ts ? undefined : event.thread_ts,
    answer: { kind: "thread", ts: answerTs },
  };
}

/** What a person typed, at most 4,000 units of it, decoded. */
function typedText(text: string): string {
  return decodeTyped(text.slice(0, 4_000)).trim();
}

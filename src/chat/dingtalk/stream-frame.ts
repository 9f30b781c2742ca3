import { z } from "zod";

/** Topics we subscribe to; never `EVENT *`, whose frames count against the month's quota. */
export const streamTopics = {
  robot: "/v1.0/im/bot/messages/get",
  card: "/v1.0/card/instances/callback",
} as const;

export interface StreamFrame {
  readonly type: string;
  readonly topic: string;
  readonly messageId: string | undefined;
  /** The payload: JSON inside a string. */
  readonly content: string;
}

/** A frame from the gateway; undefined where it is none. */
export function readFrame(text: string): StreamFrame | undefined {
  const parsed = frame.safeParse(jsonOf(text));
  if (!parsed.success) return undefined;
  const { type, headers } = parsed.data;
  return { type, topic: headers.topic, messageId: headers.messageId, content: parsed.data["data"] ?? "" };
}

/** The JSON of a text, undefined where it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const frame = z.object({
  type: z.string().max(40),
  headers: z.object({
    topic: z.string().max(200),
    messageId: z.string().min(1).max(200).optional(),
  }),
  data: z.string().optional(),
});
